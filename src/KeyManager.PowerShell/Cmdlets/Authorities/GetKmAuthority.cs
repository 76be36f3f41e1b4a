using System.Linq;
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

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        NamePattern pattern = new(Name);
        if (!pattern.HasWildcards)
        {
            await pipeline.WriteObjectAsync(Services.Authorities.Get(Name).Description).ConfigureAwait(false);
            return;
        }

        foreach (AuthorityDescription description in Services.Authorities.All.Select(a => a.Description).Where(d => pattern.Matches(d.Name)))
        {
            await pipeline.WriteObjectAsync(description).ConfigureAwait(false);
        }
    }
}
