using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Base of the cmdlets that make a report: of everything, of what has certain labels, or of the certificates that come through the pipeline.</summary>
public abstract class ReportCmdlet : LabelFilterCmdlet
{
    private readonly List<string> _certificates = [];

    /// <summary>What it is about: Expiry, Inventory, Orders, Renewals, Deployments, KeyStrength or Compliance.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public ReportType Type { get; set; }

    /// <summary>Only these certificates, or the orders, renewals and deployments of their entries: objects, names or ids. Default: everything.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    public CertificateReference[]? Certificate { get; set; }

    protected sealed override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(
        pipeline, Certificate ?? [], Certificate?.Length > 1, reference =>
        {
            _certificates.Add(Services.Inventory.Resolve(reference.Text).Id);
            return Task.CompletedTask;
        });

    /// <summary>The report that was asked for.</summary>
    private protected Report Make() => Services.Reports.Make(new ReportRequest
    {
        Type = Type,
        Labels = Labels,

        // A pipeline in which nothing came is about nothing, not about everything.
        CertificateIds = IsBound(nameof(Certificate)) || MyInvocation.ExpectingInput ? [.. _certificates.Distinct(StringComparer.Ordinal)] : null,
    });
}
