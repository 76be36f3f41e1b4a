using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Stores a target that certificates and challenge files are deployed to.</summary>
/// <remarks>
/// What a target needs depends on its kind: after -Kind its settings are parameters of their own, which Tab completes; Get-KmProvider lists them. Secrets are taken as SecureString and
/// stored encrypted. The target is not asked, Test-KmDeployTarget does that. With -Recipe paths, commands and the endpoint of a service are known; each of them is a setting that goes before.
/// </remarks>
/// <example><code>New-KmDeployTarget web01 -Kind Ssh -HostName web01.contoso.com -UserName deploy -Recipe Nginx -ReloadCommand 'sudo systemctl reload nginx'</code><para>A web server with nginx. Keys, agent and known hosts are those of your OpenSSH.</para></example>
/// <example><code>New-KmDeployTarget here -Kind Local -FullChainPath /etc/ssl/{name}.crt -PrivateKeyPath /etc/ssl/{name}.key -ReloadCommand 'systemctl reload app' -Endpoint localhost:8443</code><para>A service of this machine without a recipe.</para></example>
/// <seealso cref="TestKmDeployTargetCommand"/>
/// <seealso cref="SetKmDomainMappingCommand"/>
/// <seealso cref="InstallKmCertificateCommand"/>
[Cmdlet(VerbsCommon.New, "KmDeployTarget", SupportsShouldProcess = true)]
[OutputType(typeof(DeployTarget))]
public sealed class NewKmDeployTargetCommand : KmCmdlet, IDynamicParameters
{
    private SettingParameters? _parameters;

    /// <summary>Name of the target, unique in the store.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The kind of target; see Get-KmProvider.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(DeployKindCompleter))]
    [ValidateNotNullOrEmpty]
    public string Kind { get; set; } = "";

    /// <summary>Settings by name, where they come from a table; Get-KmProvider lists them. Secrets have parameters of their own.</summary>
    [Parameter]
    public Hashtable? Setting { get; set; }

    private DeployKindDescription? About => CompositionRoot.DeployKinds.FirstOrDefault(p => string.Equals(p.Name, Kind?.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>The settings of the kind that -Kind names.</summary>
    public object? GetDynamicParameters() => (_parameters = About is DeployKindDescription about ? new SettingParameters(about.Settings) : null)?.Parameters;

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        DeployKindDescription about = About ?? throw new NotFoundException(ErrorIds.DeployKindNotFound, $"There is no kind of target '{Kind}'.")
        {
            Target = Kind,
            Remedy = $"Known are: {string.Join(", ", CompositionRoot.DeployKinds.Select(p => p.Name))}. Get-KmProvider tells more.",
        };
        using GivenSettings given = await GivenAsync(pipeline, Setting, _parameters).ConfigureAwait(false);
        if (await pipeline.ShouldProcessAsync(Name, $"Store a target: {about.Title}").ConfigureAwait(false))
        {
            DeployTargetRequest request = new() { Name = Name.Trim(), Kind = about.Name, Settings = given.Settings, Secrets = given.Secrets };
            await pipeline.WriteObjectAsync(Services.DeployTargets.Add(request, pipeline)).ConfigureAwait(false);
        }
    }
}
