using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the TXT record that proves a name for an account for good, and looks whether it stands.</summary>
/// <remarks>
/// For dns-persist-01 (a draft): publish the record once, by hand or with your DNS tools, and order with -ChallengeType DnsPersist01; no order changes or removes it. Look at the issuer and the account
/// before you publish: whoever the record names can have certificates for the name. Where the authority follows a later draft the account is a hash that holds the account's key, so a new key needs a
/// new record. For dns-account-01 it is the name only, which stays the same, so that an alias (CNAME) can stand there.
/// </remarks>
/// <example><code>Get-KmChallengeRecord contoso.com -Account le-staging -PersistUntil (Get-Date).AddYears(1) | Format-List</code><para>The record to publish, good for a year.</para></example>
/// <example><code>Get-KmChallengeRecord *.contoso.com</code><para>Shows whether the record for the default account is there and good for wildcards.</para></example>
/// <example><code>Get-KmChallengeRecord www.contoso.com -ChallengeType DnsAccount01</code><para>The name of the record, to make a delegation (CNAME) there.</para></example>
/// <seealso cref="TestKmChallengeCommand"/>
/// <seealso cref="TestKmDnsRecordCommand"/>
[Cmdlet(VerbsCommon.Get, "KmChallengeRecord")]
[OutputType(typeof(ChallengeRecord))]
public sealed class GetKmChallengeRecordCommand : KmCmdlet
{
    /// <summary>The names to prove; a wildcard needs a record that says so.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] DomainName { get; set; } = [];

    /// <summary>The account; default: the default account.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public AccountReference? Account { get; set; }

    /// <summary>DnsPersist01 (the default) or DnsAccount01.</summary>
    [Parameter]
    public ChallengeType ChallengeType { get; set; } = ChallengeType.DnsPersist01;

    /// <summary>When the record is to end; default: never. It is part of the record, and the authority goes by it.</summary>
    [Parameter]
    public DateTimeOffset? PersistUntil { get; set; }

    /// <summary>The record is to prove wildcards too.</summary>
    [Parameter]
    public SwitchParameter Wildcard { get; set; }

    /// <summary>One value for all names of the account, where the authority ties it to a name otherwise. Whoever can write below one of the names can then copy it to another.</summary>
    [Parameter]
    public SwitchParameter AnyName { get; set; }

    /// <summary>DNS server to ask whether the record is there, address with or without port; None does not look. Default: that of this machine.</summary>
    [Parameter]
    public string? Resolver { get; set; }

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(pipeline, DomainName, DomainName.Length > 1, async name =>
    {
        ChallengeRecord record = await Services.ChallengeRecords.DescribeAsync(
            new ChallengeRecordRequest
            {
                DomainName = KeyManager.DomainName.Parse(name),
                Type = ChallengeType,
                Account = Blank.ToNull(Account?.Text),
                PersistUntil = PersistUntil,
                IsForWildcard = Wildcard,
                IsForAnyName = AnyName,
                Resolver = Blank.ToNull(Resolver),
            },
            pipeline,
            cancellationToken).ConfigureAwait(false);
        if (record.Status == ChallengeRecordStatus.Expiring)
        {
            pipeline.Warn($"{record.RecordName}: {record.Message}");
        }

        await pipeline.WriteObjectAsync(record).ConfigureAwait(false);
    });
}
