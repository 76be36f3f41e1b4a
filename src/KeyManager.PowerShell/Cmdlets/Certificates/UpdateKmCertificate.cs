using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Renews certificates that are due; with -Force, those that are not.</summary>
/// <remarks>
/// Orders again what the last order asked for, proves control of the names, and saves the new certificate as the current version of its entry.
/// It is then deployed to the targets that its order names, else to those that its domains are mapped to. The key follows the policy of the order (-KeyOnRenewal), but one that was revoked as compromised is never kept. Nothing of the old version is
/// touched before the new one is saved; a renewal that was interrupted is taken up again.
///
/// A certificate is due at a moment that its authority proposes (RFC 9773), chosen at random inside of the authority's window and kept; where the authority proposes
/// none, when a third of its life is left, or half of it where it lives for less than ten days. One that was revoked is due at once. One that is not due is left alone
/// with a warning, unless -Force is given; so the command can run every day.
///
/// Where terms are bought, a certificate that ends before its term is issued again within it, for nothing; otherwise the next term is ordered, which needs -AcceptCharges.
/// </remarks>
/// <example><code>Get-KmCertificate | Update-KmCertificate</code><para>Renews what is due.</para></example>
/// <example><code>Update-KmCertificate www.contoso.com -Force</code><para>Renews it now.</para></example>
/// <example><code>Update-KmCertificate www.contoso.com -NoSave</code><para>Renews, but leaves the new certificate with its order (state Renewed) until Save-KmCertificate.</para></example>
/// <seealso cref="SaveKmCertificateCommand"/>
[Cmdlet(VerbsData.Update, "KmCertificate", SupportsShouldProcess = true)]
[OutputType(typeof(CertificateOrder))]
public sealed class UpdateKmCertificateCommand : CertificateCmdlet
{
    /// <summary>Leave the new certificate with its order, unsaved.</summary>
    [Parameter]
    public SwitchParameter NoSave { get; set; }

    /// <summary>The challenges of an interrupted renewal are published already; do not publish, only tell the authority.</summary>
    [Parameter]
    public SwitchParameter AlreadyPublished { get; set; }

    /// <summary>Renew now, due or not.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The renewal may cost money. Without it one that does is not ordered, and the error says how much it would be.</summary>
    [Parameter]
    public SwitchParameter AcceptCharges { get; set; }

    /// <summary>DNS server to ask whether published TXT records are there, address with or without port; None does not look. Default: the account's setting Resolver, else the servers of the zone.</summary>
    [Parameter]
    public string? Resolver { get; set; }

    /// <summary>Longest time to wait for the authority; default 5 minutes. A renewal that takes longer stays open and is taken up again next time.</summary>
    [Parameter]
    public System.TimeSpan Timeout { get; set; } = System.TimeSpan.FromMinutes(5);

    protected override async Task ProcessAsync(IPipeline pipeline, Certificate certificate, CancellationToken cancellationToken)
    {
        string why = "asked for with -Force";
        if (!Force)
        {
            Operations.RenewalDecision decision = await Services.DecideRenewal.RunAsync(certificate.Id, pipeline, cancellationToken).ConfigureAwait(false);
            if (!decision.IsDue)
            {
                pipeline.Warn($"{certificate.Name} is not due: {decision.Reason}. -Force renews it now.");
                return;
            }

            why = decision.Reason;
        }

        string cost = await CostAsync(pipeline, certificate, cancellationToken).ConfigureAwait(false);
        if (await pipeline.ShouldProcessAsync($"{certificate.Name} (until {certificate.NotAfter:yyyy-MM-dd})", $"Renew certificate{cost}: {why}").ConfigureAwait(false))
        {
            CertificateOrder order = await Services.RenewCertificate.RunAsync(
                certificate.Id,
                new Operations.CompleteOrderOptions { Save = !NoSave, AlreadyPublished = AlreadyPublished, AcceptCharges = AcceptCharges, Timeout = Timeout, Resolver = Blank.ToNull(Resolver), Scripts = new ScriptRunner(this, pipeline) },
                pipeline,
                cancellationToken).ConfigureAwait(false);
            if (order.Status == OrderStatus.Renewed)
            {
                pipeline.Warn($"The renewal {order} is not saved: the inventory keeps the old version until Save-KmCertificate {order.Id}.");
            }

            await pipeline.WriteObjectAsync(order).ConfigureAwait(false);
            await DeploymentReport.AfterIssueAsync(Services, order, pipeline, new ScriptRunner(this, pipeline), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string> CostAsync(IPipeline pipeline, Certificate certificate, CancellationToken cancellationToken)
    {
        if (certificate.Account is not null)
        {
            await Services.Directory.PrepareAsync(certificate.Account, pipeline, cancellationToken).ConfigureAwait(false);
        }

        return Services.RenewCertificate.Quote(certificate.Id) is Charge charge ? $" for {charge}" : "";
    }
}
