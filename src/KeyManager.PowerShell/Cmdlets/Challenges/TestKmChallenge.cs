using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Looks from here whether the proof of orders can be seen where the authority will look, and what else it might stumble over.</summary>
/// <remarks>
/// It is only what this machine sees: an authority looks from several places. The proof of tls-alpn-01 is not looked at. What may stand in the way is a warning, and all of it is in the property
/// Findings: CAA records that keep the authority out, DNSSEC that is broken, where the name of a record leads, port 80, DNS accounts. It is advice; nothing is stopped by it.
/// </remarks>
/// <example><code>Test-KmChallenge www.contoso.com</code><para>Shows for each name whether the right proof is there, and what was found instead.</para></example>
/// <example><code>(Test-KmChallenge www.contoso.com).Findings | Format-Table Check, Subject, Severity, Message -Wrap</code><para>Shows everything that was looked at, also what is as it should be.</para></example>
/// <seealso cref="PublishKmChallengeCommand"/>
/// <seealso cref="TestKmDnsRecordCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "KmChallenge")]
[OutputType(typeof(ChallengeTest))]
public sealed class TestKmChallengeCommand : OrderCmdlet
{
    /// <summary>DNS server to ask, address with or without port. Default: the servers of the zone, or those of this machine.</summary>
    [Parameter]
    public string? Resolver { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        foreach (ChallengeTest test in await Services.Challenges.TestAsync(order.Id, Blank.ToNull(Resolver), pipeline, cancellationToken).ConfigureAwait(false))
        {
            Advice.Tell(pipeline, test.Findings);
            await pipeline.WriteObjectAsync(test).ConfigureAwait(false);
        }
    }
}
