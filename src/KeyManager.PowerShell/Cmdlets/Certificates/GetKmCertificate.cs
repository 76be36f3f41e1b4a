using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;
using KeyManager.Storage;

namespace KeyManager.Commands;

/// <summary>Gets certificates from the inventory.</summary>
/// <remarks>
/// Without parameters it lists the current version of every entry. Objects come as they are read, so that a long list starts at once and
/// Select-Object -First stops the reading. Older versions are shown by Get-KmCertificateHistory, or with -IncludeHistory.
/// </remarks>
/// <example><code>Get-KmCertificate -ExpiresWithin 30.00:00</code><para>Lists what runs out within 30 days, and what has run out already, soonest first.</para></example>
/// <example><code>Get-KmCertificate -Tag production -Owner '' | Set-KmCertificate -Owner 'web team'</code><para>Finds what nobody answers for, and changes that.</para></example>
/// <example><code>Get-KmCertificate *.contoso.com</code><para>Gets the wildcard certificate of that name, or when there is none, every entry whose name fits the pattern.</para></example>
/// <seealso cref="GetKmCertificateHistoryCommand"/>
[Cmdlet(VerbsCommon.Get, "KmCertificate")]
[OutputType(typeof(Certificate))]
public sealed class GetKmCertificateCommand : LabelFilterCmdlet
{
    /// <summary>Name of the entry; wildcards are allowed. A name that exists literally is meant literally. Also takes an id, a thumbprint or a serial number.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    [SupportsWildcards]
    [Alias("Id", "CertificateId")]
    public string[] Name { get; set; } = [];

    /// <summary>A domain name that the certificate holds, exactly; internationalized names in either form.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DomainNameCompleter))]
    public string? DomainName { get; set; }

    /// <summary>Only those whose last day is within this time from now, or over already.</summary>
    [Parameter]
    public TimeSpan? ExpiresWithin { get; set; }

    /// <summary>Only those in one of these states. Unsaved shows what waits with its order for Save-KmCertificate.</summary>
    [Parameter]
    public CertificateStatus[] Status { get; set; } = [];

    /// <summary>Only those ordered with this account.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public AccountReference? Account { get; set; }

    /// <summary>Older versions too.</summary>
    [Parameter]
    public SwitchParameter IncludeHistory { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        CertificateQuery filter = new()
        {
            DomainName = DomainName is null ? null : KeyManager.DomainName.Parse(DomainName).Ascii,
            ExpiresBefore = ExpiresWithin is TimeSpan span ? Services.Clock.UtcNow + span : null,
            Status = Status,
            Account = Account is null ? null : Services.Inventory.ResolveAccount(Account.Text).Name,
            Labels = Labels,
            IncludeHistory = IncludeHistory,
            SoonestExpiryFirst = ExpiresWithin is not null,
        };
        if (Name.Length == 0)
        {
            await WriteAllAsync(pipeline, Services.Store.Stream(filter), cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (string name in Name)
        {
            try
            {
                await WriteAllAsync(pipeline, Named(new NamePattern(name), name, filter), cancellationToken).ConfigureAwait(false);
            }
            catch (NotFoundException error)
            {
                await pipeline.WriteErrorAsync(error, name).ConfigureAwait(false);
            }
        }
    }

    private IEnumerable<Certificate> Named(NamePattern pattern, string name, CertificateQuery filter)
    {
        if (Services.Store.Read(session => session.Certificates.FindLineage(name)) is string lineage)
        {
            return Services.Store.Stream(filter with { LineageId = lineage });
        }

        return pattern.HasWildcards
            ? Services.Store.Stream(filter with { Name = name }).Where(c => pattern.Matches(c.Name))
            : [Services.Inventory.Resolve(name)];
    }
}
