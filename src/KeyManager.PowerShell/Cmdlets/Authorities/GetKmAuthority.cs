using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the certificate authorities that KeyManager knows, with their abilities and the settings their accounts take.</summary>
/// <example><code>Get-KmAuthority Local | Select-Object -ExpandProperty Settings</code><para>Shows what New-KmAccount -Authority Local -Setting takes.</para></example>
/// <seealso cref="NewKmAccountCommand"/>
[Cmdlet(VerbsCommon.Get, "KmAuthority")]
[OutputType(typeof(AuthorityDescription))]
public sealed class GetKmAuthorityCommand : KmCmdlet
{
    /// <summary>Name; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(AuthorityCompleter))]
    [SupportsWildcards]
    public string Name { get; set; } = "*";

    private protected override bool NeedsStore => false;

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        NamePattern pattern = new(Name);
        IReadOnlyList<AuthorityDescription> found = pattern.Select(CompositionRoot.Authorities, a => a.Name);
        if (found.Count == 0 && !pattern.HasWildcards)
        {
            _ = CompositionRoot.GetAuthority(Name);
        }

        foreach (AuthorityDescription description in found)
        {
            await pipeline.WriteObjectAsync(description).ConfigureAwait(false);
        }
    }
}
