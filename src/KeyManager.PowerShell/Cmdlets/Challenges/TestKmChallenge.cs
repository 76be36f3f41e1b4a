using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Looks from here whether the proof of orders can be seen where the authority will look.</summary>
/// <remarks>It is only what this machine sees: an authority looks from several places. tls-alpn-01 is not looked at.</remarks>
/// <example><code>Test-KmChallenge www.contoso.com</code><para>Shows for each name whether the right proof is there, and what was found instead.</para></example>
/// <seealso cref="PublishKmChallengeCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "KmChallenge")]
[OutputType(typeof(ChallengeTest))]
public sealed class TestKmChallengeCommand : OrderCmdlet
{
    /// <summary>DNS server to ask, address with or without port. Default: the servers of the zone, or those of this machine.</summary>
    [Parameter]
    public string? Resolver { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        foreach (ChallengeTest test in await Services.Challenges.TestAsync(order.Id, Blank.ToNull(Resolver), cancellationToken).ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(test).ConfigureAwait(false);
        }
    }
}
