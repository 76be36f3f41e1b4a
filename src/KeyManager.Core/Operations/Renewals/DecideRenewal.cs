using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;

namespace KeyManager.Operations;

/// <summary>
/// Decides when a certificate is renewed: at a random moment of the window that its authority proposes (RFC 9773), else when a third of its life is left,
/// half of it where it lives for less than ten days; its policy may ask for it earlier. When a twentieth is left, nobody is asked any more.
/// </summary>
public sealed class DecideRenewal(KeyManagerPorts ports)
{
    private readonly AskRenewalWindow _ask = new(ports);

    /// <summary>Decides; an authority that does not answer never keeps a certificate from being renewed.</summary>
    public async Task<RenewalDecision> RunAsync(string certificateId, IReporter reporter, CancellationToken cancellationToken)
    {
        RenewalFacts facts = RenewalFacts.Read(ports.Store, certificateId, ports.Clock.UtcNow);
        RenewalDecision decision = PlanRenewal.Decide(facts with { Info = null }, ports.Clock.UtcNow);
        if (facts.Certificate.Status == CertificateStatus.Revoked || facts.Begun is not null || RenewalTimes.Emergency(facts.Certificate) <= ports.Clock.UtcNow)
        {
            return decision;
        }

        RenewalInfo? info = await _ask.RunAsync(facts.Certificate, reporter, cancellationToken).ConfigureAwait(false);
        return PlanRenewal.Decide(facts with { Info = info }, ports.Clock.UtcNow);
    }
}
