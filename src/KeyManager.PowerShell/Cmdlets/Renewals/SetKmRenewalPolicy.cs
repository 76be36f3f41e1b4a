using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Says how certificates are renewed by themselves: which ones, when, with which DNS account, key and keystore, and what a year may cost.</summary>
/// <remarks>
/// Invoke-KmRenewal keeps to it. What is not given stays as it is; a value of $null takes it back, and the renewal then asks for what the last order asked for.
/// The policy that names a certificate counts before one with names or domain names as patterns, that before one for tags, owners or groups,
/// that before one for accounts or authorities, that before one for all.
/// A certificate that no policy selects is renewed by the usual rule, unless the setting RenewalNeedsPolicy is True or its authority takes money.
/// </remarks>
/// <example><code>Get-KmCertificate www.contoso.com, mail.contoso.com | Set-KmRenewalPolicy web -DaysBeforeExpiry 20 -DnsAccount cf</code><para>These two, 20 days before their end at the latest.</para></example>
/// <example><code>Set-KmRenewalPolicy default -LifeLeft 0.4 -KeyAlgorithm Rsa -KeyLength 3072</code><para>All that no other policy selects, when two fifths of their life are left, with new RSA keys.</para></example>
/// <example><code>Set-KmRenewalPolicy shop -Tag shop -DaysBeforeExpiry 30 -KeyAlgorithm Rsa</code><para>Whatever has the tag shop, also from tomorrow on.</para></example>
/// <example><code>Set-KmRenewalPolicy sandbox -DomainName *.sandbox.contoso.com -Enabled $false</code><para>These are left alone.</para></example>
/// <seealso cref="InvokeKmRenewalCommand"/>
[Cmdlet(VerbsCommon.Set, "KmRenewalPolicy", SupportsShouldProcess = true)]
[OutputType(typeof(RenewalPolicy))]
public sealed class SetKmRenewalPolicyCommand : LabelPolicyCmdlet
{
    private readonly List<string> _lineages = [];

    /// <summary>Name of the policy; made when there is none.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(RenewalPolicyCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Certificates that it names one by one: names, ids or objects. They replace those it named before.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    public CertificateReference[]? Certificate { get; set; }

    /// <summary>Names of entries that it selects; wildcards are allowed.</summary>
    [Parameter]
    [AllowNull]
    [SupportsWildcards]
    public string[]? CertificateName { get; set; }

    /// <summary>Domain names that it selects; wildcards are allowed.</summary>
    [Parameter]
    [AllowNull]
    [SupportsWildcards]
    public string[]? DomainName { get; set; }

    /// <summary>Accounts whose certificates it selects.</summary>
    [Parameter]
    [AllowNull]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public string[]? Account { get; set; }

    /// <summary>Authorities whose certificates it selects.</summary>
    [Parameter]
    [AllowNull]
    [ArgumentCompleter(typeof(AuthorityCompleter))]
    public string[]? Authority { get; set; }

    /// <summary>False: what it selects is not renewed by itself.</summary>
    [Parameter]
    public bool Enabled { get; set; }

    /// <summary>Days before its end at which a certificate is renewed, 1 to 398. An authority that asks for it earlier (RFC 9773) is followed.</summary>
    [Parameter]
    [AllowNull]
    public int? DaysBeforeExpiry { get; set; }

    /// <summary>The part of its life that is left when a certificate is renewed, 0.05 to 0.67. Fits certificates of any length of life.</summary>
    [Parameter]
    [AllowNull]
    public double? LifeLeft { get; set; }

    /// <summary>DNS account that publishes the proof.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(DnsAccountCompleter))]
    public string? DnsAccount { get; set; }

    /// <summary>Kind of the new key.</summary>
    [Parameter]
    [AllowNull]
    public KeyAlgorithm? KeyAlgorithm { get; set; }

    /// <summary>Length of the new key in bits.</summary>
    [Parameter]
    [AllowNull]
    public int? KeyLength { get; set; }

    /// <summary>Whether a renewal makes a new key or keeps the one there is.</summary>
    [Parameter]
    [AllowNull]
    public KeyOnRenewal? KeyOnRenewal { get; set; }

    /// <summary>Keystore that exports of the renewed certificate make.</summary>
    [Parameter]
    [AllowNull]
    public KeystoreType? KeystoreType { get; set; }

    /// <summary>Administrative contact of the order, where the authority wants one.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    public string? AdminContact { get; set; }

    /// <summary>Technical contact of the order, where the authority wants one.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    public string? TechnicalContact { get; set; }

    /// <summary>Account that takes over when the usual one has failed three times in a row, where it is able to.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public string? FallbackAccount { get; set; }

    /// <summary>False: what is renewed is not deployed by itself.</summary>
    [Parameter]
    public bool Deploy { get; set; }

    /// <summary>Most that renewals by this policy may cost in a calendar year, in the currency of the price list. Without it nothing is renewed that costs money.</summary>
    [Parameter]
    [AllowNull]
    public decimal? YearlyBudget { get; set; }

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        _lineages.AddRange((Certificate ?? []).Select(c => Services.Inventory.Resolve(c.Text).LineageId));
        return Task.CompletedTask;
    }

    protected override async Task EndProcessingAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(Name, "Set renewal policy").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.RenewalPolicies.Set(Name, Change, pipeline)).ConfigureAwait(false);
        }
    }

    private RenewalPolicy Change(RenewalPolicy before) => before with
    {
        IsEnabled = IsBound(nameof(Enabled)) ? Enabled : before.IsEnabled,
        LineageIds = IsBound(nameof(Certificate)) || _lineages.Count > 0 ? [.. _lineages.Distinct()] : before.LineageIds,
        CertificateNames = IsBound(nameof(CertificateName)) ? List(CertificateName) : before.CertificateNames,
        DomainNames = IsBound(nameof(DomainName)) ? List(DomainName) : before.DomainNames,
        Tags = TagsOr(before.Tags),
        Owners = OwnersOr(before.Owners),
        Groups = GroupsOr(before.Groups),
        Accounts = IsBound(nameof(Account)) ? List(Account) : before.Accounts,
        Authorities = IsBound(nameof(Authority)) ? List(Authority) : before.Authorities,
        DaysBeforeExpiry = IsBound(nameof(DaysBeforeExpiry)) ? DaysBeforeExpiry : before.DaysBeforeExpiry,
        LifeLeft = IsBound(nameof(LifeLeft)) ? LifeLeft : before.LifeLeft,
        DnsAccount = IsBound(nameof(DnsAccount)) ? Blank.ToNull(DnsAccount) : before.DnsAccount,
        KeyAlgorithm = IsBound(nameof(KeyAlgorithm)) ? KeyAlgorithm : before.KeyAlgorithm,
        KeyLength = IsBound(nameof(KeyLength)) ? KeyLength : before.KeyLength,
        KeyOnRenewal = IsBound(nameof(KeyOnRenewal)) ? KeyOnRenewal : before.KeyOnRenewal,
        KeystoreType = IsBound(nameof(KeystoreType)) ? KeystoreType : before.KeystoreType,
        AdminContact = IsBound(nameof(AdminContact)) ? Blank.ToNull(AdminContact) : before.AdminContact,
        TechnicalContact = IsBound(nameof(TechnicalContact)) ? Blank.ToNull(TechnicalContact) : before.TechnicalContact,
        FallbackAccount = IsBound(nameof(FallbackAccount)) ? Blank.ToNull(FallbackAccount) : before.FallbackAccount,
        Deploys = IsBound(nameof(Deploy)) ? Deploy : before.Deploys,
        YearlyBudget = IsBound(nameof(YearlyBudget)) ? YearlyBudget : before.YearlyBudget,
    };

    private static IReadOnlyList<string> List(string[]? values) => [.. (values ?? []).Where(v => !string.IsNullOrWhiteSpace(v)).Select(v => v.Trim())];
}
