using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Renews and deploys every certificate that is due: the one line for a scheduled task, a timer or a runbook.</summary>
/// <remarks>
/// A certificate is due when its authority wants it (RFC 9773), when its policy says so, else when a third of its life is left, or half of a life of less than ten days. When a twentieth
/// is left, nobody is asked any more, and one that was revoked is due at once. What failed is tried again after 1, 10 and 100 minutes and then daily; that is remembered in the store,
/// so the command may run as often as you like, in several processes at once. Ctrl-C or the end of the machine lose nothing: the next run goes on.
///
/// Writes a line for each certificate it worked on, an error for each that failed (so that $? is false and a scheduler sees it), and a summary at the end.
/// With -WhatIf it writes its plan instead: every certificate with the reason why it is due or not.
/// </remarks>
/// <example><code>Invoke-KmRenewal -WhatIf</code><para>The plan: what is due, what is not, and why.</para></example>
/// <example><code>pwsh -NoProfile -NonInteractive -Command "Invoke-KmRenewal -Confirm:`$false; exit [int](-not `$?)"</code><para>For a scheduler: it ends with 1 when something failed.</para></example>
/// <example><code>Invoke-KmRenewal www.contoso.com -Force</code><para>This one now, due or not, and whatever failed before.</para></example>
/// <seealso cref="SetKmRenewalPolicyCommand"/>
/// <seealso cref="UpdateKmCertificateCommand"/>
[Cmdlet(VerbsLifecycle.Invoke, "KmRenewal", SupportsShouldProcess = true)]
[OutputType(typeof(RenewalResult), typeof(RenewalSummary), typeof(RenewalPlanLine))]
public sealed class InvokeKmRenewalCommand : KmCmdlet
{
    private readonly List<string> _ids = [];

    /// <summary>Only these certificates: names, ids or objects. Default: all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    [Alias("Name", "Id")]
    public CertificateReference[]? Certificate { get; set; }

    /// <summary>Renew the named certificates now, due or not and whatever failed before. Without names: believe the clock after it jumped.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How many certificates at the same time, 1 to 64; default 8.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 8;

    /// <summary>Longest time to wait for an authority with one certificate; default 5 minutes. What takes longer goes on in the next run.</summary>
    [Parameter]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>DNS server to ask whether published TXT records are there, address with or without port; None does not look. Default: the account's setting Resolver, else the servers of the zone.</summary>
    [Parameter]
    public string? Resolver { get; set; }

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(pipeline, Certificate ?? [], isList: true, reference =>
    {
        _ids.Add(Services.Inventory.Resolve(reference.Text).Id);
        return Task.CompletedTask;
    });

    protected override async Task EndProcessingAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        bool isNamed = Certificate is { Length: > 0 } || MyInvocation.ExpectingInput;
        RenewalSweepOptions options = new()
        {
            CertificateIds = isNamed ? [.. _ids.Distinct()] : null,
            Force = Force,
            ThrottleLimit = ThrottleLimit,
            Timeout = Timeout,
            Resolver = Blank.ToNull(Resolver),
            Scripts = new ScriptRunner(this, pipeline),
        };
        if (!ForceRule.MayChange(this))
        {
            foreach (RenewalPlanLine line in Services.Renewals.Plan(options.CertificateIds, Force && isNamed))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await pipeline.WriteObjectAsync(line).ConfigureAwait(false);
            }

            return;
        }

        List<RenewalResult> results = [];
        RenewalSummary summary = await Services.Renewals.RunAsync(
            options,
            line => pipeline.ShouldProcessAsync($"{line.Name} (until {line.NotAfter:yyyy-MM-dd})", $"{(line.Status == RenewalStatus.Undeployed ? "Deploy" : "Renew")} certificate: {line.Reason}"),
            result =>
            {
                lock (results)
                {
                    results.Add(result);
                }

                return TellAsync(pipeline, result);
            },
            pipeline,
            cancellationToken).ConfigureAwait(false);
        await Services.Notifications.RunAsync(results, options.Scripts, pipeline, cancellationToken).ConfigureAwait(false);
        await pipeline.WriteObjectAsync(summary).ConfigureAwait(false);
    }

    private static async Task TellAsync(IPipeline pipeline, RenewalResult result)
    {
        await pipeline.WriteObjectAsync(result).ConfigureAwait(false);
        if (result.IsFailure)
        {
            string again = result.NextAttempt is DateTimeOffset next ? $" It is tried again from {next:yyyy-MM-dd HH:mm} UTC on." : "";
            await pipeline.WriteErrorAsync(
                new RenewalException(result.ErrorId ?? ErrorIds.Unexpected, $"{result.Name}: {result.Reason}{again}") { Target = result.Name, Remedy = result.Remedy },
                result.Name).ConfigureAwait(false);
        }
    }
}
