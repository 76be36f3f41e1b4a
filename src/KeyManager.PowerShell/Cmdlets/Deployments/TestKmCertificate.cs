using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Looks what services really serve now, and holds it against the inventory.</summary>
/// <remarks>
/// A handshake is made, nothing else; nothing changes. Without a certificate, what is served is looked up in the inventory. With neither target nor computer, every target is looked at
/// that the certificate, or any certificate, is deployed to.
/// </remarks>
/// <example><code>Test-KmCertificate www.contoso.com</code><para>Looks at every target that it is deployed to.</para></example>
/// <example><code>Test-KmCertificate -ComputerName mail.contoso.com -Port 25 -Protocol Smtp</code><para>Looks at a mail server with STARTTLS.</para></example>
/// <example><code>Test-KmCertificate | Where-Object { -not $_.IsServed }</code><para>Everything that is deployed and not served as it should be.</para></example>
/// <seealso cref="InstallKmCertificateCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "KmCertificate", DefaultParameterSetName = "Target")]
[OutputType(typeof(CertificateTest))]
public sealed class TestKmCertificateCommand : KmCmdlet
{
    /// <summary>The certificate that should be served: name of its entry, the object, its order, an id, a thumbprint or a serial number.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    [Alias("Name", "Id")]
    public CertificateReference? Certificate { get; set; }

    /// <summary>The targets to look at.</summary>
    [Parameter(ParameterSetName = "Target")]
    [ArgumentCompleter(typeof(DeployTargetCompleter))]
    [Alias("Target")]
    public DeployTargetReference[]? DeployTarget { get; set; }

    /// <summary>Names or addresses of computers to look at.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Computer")]
    [ValidateNotNullOrEmpty]
    public string[] ComputerName { get; set; } = [];

    /// <summary>Port there; default 443, with -Protocol the usual one of the protocol.</summary>
    [Parameter(ParameterSetName = "Computer")]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>What is said there before TLS; default: nothing.</summary>
    [Parameter(ParameterSetName = "Computer")]
    public EndpointProtocol Protocol { get; set; }

    /// <summary>The name to ask for (SNI). Default: the first name of the certificate, else the computer.</summary>
    [Parameter(ParameterSetName = "Computer")]
    public string? ServerName { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        Certificate? certificate = Certificate is null ? null : Services.Inventory.Resolve(Certificate.Text);
        if (ComputerName.Length > 0)
        {
            string? server = Blank.ToNull(ServerName) ?? (certificate is null ? null : DeploySettings.NameOf(certificate));
            await LookAsync(pipeline, [.. ComputerName.Select(c => new Endpoint(c, PortOf(), Protocol, server))], certificate, null, cancellationToken).ConfigureAwait(false);
            return;
        }

        IReadOnlyList<string?> targets = DeployTarget is { Length: > 0 } named ? [.. named.Select(t => t.Text)] : [null];
        await ForEachAsync(pipeline, targets, targets.Count > 1, async target =>
        {
            IReadOnlyList<(Certificate Certificate, string Target)> deployed = Services.TestCertificate.Deployed(target);
            List<(Certificate Certificate, string Target)> wanted = [.. deployed.Where(d => certificate is null || d.Certificate.LineageId == certificate.LineageId)];
            if (wanted.Count == 0 && certificate is not null && target is not null)
            {
                wanted.Add((certificate, Services.DeployTargets.Resolve(target).Name));
            }

            if (wanted.Count == 0)
            {
                throw new NotFoundException(ErrorIds.CertificateNotDeployed, certificate is null ? "Nothing is deployed there." : $"{certificate.Name} is not deployed to any target.")
                {
                    Target = certificate?.Name ?? target,
                    Remedy = "Name the computer to look at: -ComputerName; or deploy it: Install-KmCertificate.",
                };
            }

            foreach ((Certificate found, string name) in wanted)
            {
                await LookAsync(pipeline, Services.TestCertificate.EndpointsOf(name, found, pipeline), found, name, cancellationToken).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }

    private async Task LookAsync(IPipeline pipeline, IReadOnlyList<Endpoint> endpoints, Certificate? certificate, string? target, CancellationToken cancellationToken)
    {
        foreach (CertificateTest test in await Services.TestCertificate.RunAsync(endpoints, certificate, target, cancellationToken).ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(test).ConfigureAwait(false);
        }
    }

    private int PortOf() => Port > 0 ? Port : Protocol.DefaultPort();
}
