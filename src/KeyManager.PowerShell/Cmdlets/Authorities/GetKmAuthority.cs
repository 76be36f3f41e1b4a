using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the certificate authorities that KeyManager knows, with their abilities and the settings their accounts take; or looks at an ACME server.</summary>
/// <remarks>Without -DirectoryUrl nothing is asked over the network. With it the server says itself what it can do, which is newer than what is known here.</remarks>
/// <example><code>Get-KmAuthority Local | Select-Object -ExpandProperty Settings</code><para>Shows what New-KmAccount -Authority Local -Setting takes.</para></example>
/// <example><code>Get-KmAuthority | Where-Object Abilities -Contains IpAddress</code><para>Those that issue for IP addresses.</para></example>
/// <example><code>Get-KmAuthority -DirectoryUrl https://acme-v02.api.letsencrypt.org/directory | Format-List</code><para>Asks the server: terms of service, profiles, what a CAA record has to name.</para></example>
/// <seealso cref="NewKmAccountCommand"/>
[Cmdlet(VerbsCommon.Get, "KmAuthority", DefaultParameterSetName = "Known")]
[OutputType(typeof(AuthorityDescription))]
public sealed class GetKmAuthorityCommand : KmCmdlet
{
    /// <summary>Name; wildcards are allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = "Known")]
    [ArgumentCompleter(typeof(AuthorityCompleter))]
    [SupportsWildcards]
    public string Name { get; set; } = "*";

    /// <summary>Address of an ACME server's directory, to be asked now.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Live")]
    [ValidateNotNullOrEmpty]
    public string DirectoryUrl { get; set; } = "";

    /// <summary>File with the root certificates to trust for the connection, beside those of the machine.</summary>
    [Parameter(ParameterSetName = "Live")]
    public string? TrustedRootPath { get; set; }

    /// <summary>Address of the proxy to use. Default: the system's.</summary>
    [Parameter(ParameterSetName = "Live")]
    public string? Proxy { get; set; }

    private protected override bool NeedsStore => false;

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (ParameterSetName == "Live")
        {
            string? root = string.IsNullOrWhiteSpace(TrustedRootPath) ? null : await ResolvePathAsync(pipeline, TrustedRootPath!).ConfigureAwait(false);
            await pipeline.WriteObjectAsync(await CompositionRoot.LookAtDirectoryAsync(DirectoryUrl, Proxy, root, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }

        IReadOnlyList<AuthorityDescription> found = await FindNamedAsync(pipeline, [Name], CompositionRoot.Authorities, a => [a.Name], CompositionRoot.GetAuthority).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    }
}
