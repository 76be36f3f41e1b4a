using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Tells everything that would stop the next renewal of a certificate before it is due, and rehearses it.</summary>
/// <remarks>
/// Looks at the plan, the account with its authority, the charges, the order that would be placed, how the names are proved (CAA, delegation, DNSSEC, port 80, DNS account), the targets that it is deployed to (a
/// file is written there on trial and taken away again), the protectors of the store, and the task that runs Invoke-KmRenewal. The worst comes first; what is Information is as it should be.
/// Nothing is ordered, but with -Rehearse: then the renewal is carried through with the staging system of the authority, where failures count for nothing, and what is issued there is thrown away.
/// </remarks>
/// <example><code>Test-KmRenewal www.contoso.com</code><para>Everything about this one.</para></example>
/// <example><code>Get-KmCertificate | Test-KmRenewal | Where-Object Severity -eq Problem</code><para>What will fail, of all.</para></example>
/// <example><code>Get-KmCertificate -Tag moved | Test-KmRenewal -Rehearse | Where-Object Subject -eq Rehearsal</code><para>Proves that certificates taken over from another program can be renewed from here.</para></example>
/// <seealso cref="InvokeKmRenewalCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "KmRenewal")]
[OutputType(typeof(RenewalTest))]
public sealed class TestKmRenewalCommand : CertificateCmdlet
{
    /// <summary>DNS server to ask, address with or without port; None asks those of the machine. Default: the account's setting Resolver, else those of the machine.</summary>
    [Parameter]
    public string? Resolver { get; set; }

    /// <summary>Also carry the renewal through with the staging system of the authority: order, prove, collect, and throw away what was issued.</summary>
    [Parameter]
    public SwitchParameter Rehearse { get; set; }

    /// <summary>The account to rehearse with. Default: one with the staging system of the certificate's authority. Its orders must not cost money.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public AccountReference? RehearsalAccount { get; set; }

    /// <summary>Seconds that the rehearsal may take, 1 to 86400.</summary>
    [Parameter]
    [ValidateRange(1, 86_400)]
    public int TimeoutSeconds { get; set; } = 300;

    protected override async Task ProcessAsync(IPipeline pipeline, Certificate certificate, CancellationToken cancellationToken)
    {
        ScriptRunner scripts = new(this, pipeline);
        await WriteAllAsync(pipeline, await Services.ExplainRenewal.RunAsync(certificate.Id, Blank.ToNull(Resolver), scripts, pipeline, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        if (Rehearse || RehearsalAccount is not null)
        {
            CompleteOrderOptions options = new() { Timeout = TimeSpan.FromSeconds(TimeoutSeconds), Resolver = Blank.ToNull(Resolver), Scripts = scripts };
            await pipeline.WriteObjectAsync(await Services.ExplainRenewal.RehearseAsync(certificate.Id, RehearsalAccount?.Text, options, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
