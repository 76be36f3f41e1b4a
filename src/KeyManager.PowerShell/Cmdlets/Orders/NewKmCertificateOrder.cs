using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Orders a certificate.</summary>
/// <remarks>
/// The order, its key and its request are stored before anything is sent. A command that was interrupted leaves an order that the same command,
/// or Invoke-KmChallenge, takes up again; it never orders twice. The certificate becomes a version of the inventory entry named by -Name, by
/// default the first domain name. Complete the order with Invoke-KmChallenge.
/// </remarks>
/// <example><code>New-KmCertificateOrder www.contoso.com | Invoke-KmChallenge</code><para>Orders with the default account and saves the certificate.</para></example>
/// <example><code>New-KmCertificateOrder contoso.com, *.contoso.com -KeyAlgorithm Rsa -KeyLength 3072 -KeystorePassword (Read-Host -AsSecureString) | Invoke-KmChallenge</code><para>Two names, an RSA key, and a password that later exports use.</para></example>
/// <example><code>New-KmCertificateOrder www.contoso.com -Tag production, shop -Owner 'web team' | Invoke-KmChallenge</code><para>Says what it is for; the certificate and its renewals have it from the order.</para></example>
/// <example><code>Import-Csv orders.csv | New-KmCertificateOrder | Invoke-KmChallenge</code><para>One order for each row; columns are named like the parameters, several names in one cell are separated by semicolons, and an empty cell means that the parameter is not given.</para></example>
/// <example><code>New-KmCertificateOrder -CsrPath ./appliance.csr -Account private | Invoke-KmChallenge</code><para>Uses a request whose key stays where it was made.</para></example>
/// <example><code>New-KmCertificateOrder www.contoso.com -Account le -WebRootPath /var/www/html | Invoke-KmChallenge</code><para>Proves control by a file below the folder that the web server serves; renewals do the same.</para></example>
/// <example><code>New-KmCertificateOrder contoso.com, *.contoso.com -Account le -DnsAccount cf | Invoke-KmChallenge</code><para>Proves control by TXT records that a DNS account writes and takes away.</para></example>
/// <example><code>New-KmCertificateOrder contoso.com, *.contoso.com -Account le -ChallengeType Dns01 -ChallengeScript ./dns.ps1 | Invoke-KmChallenge</code><para>Proves control by TXT records that your own script sets.</para></example>
/// <example><code>New-KmCertificateOrder www.contoso.com -Account le -WebRootPath /var/www/html -WhatIf</code><para>Orders nothing, and warns of what the authority would stumble over: CAA records, DNSSEC, port 80.</para></example>
/// <example><code>New-KmCertificateOrder www.contoso.com -Account store1 -Product positivessl -AcceptCharges | Invoke-KmChallenge</code><para>Buys a certificate; the CNAME record that proves control is set by the DNS account or script of the order.</para></example>
/// <example><code>New-KmCertificateOrder www.contoso.com -Account store1 -Vendor DigiCert -ValidationType OV -Organization contoso -WhatIf</code><para>Says what it would cost, and asks the authority whether it would take the order.</para></example>
/// <example><code>New-KmCertificateOrder contoso.com -Account emsign -Product 'DV SSL' -SubscriptionYears 2 -IncludeWww -AcceptCharges | Invoke-KmChallenge</code><para>Subscribes for two years, for contoso.com and www.contoso.com.</para></example>
/// <seealso cref="InvokeKmChallengeCommand"/>
/// <seealso cref="UpdateKmCertificateCommand"/>
[Cmdlet(VerbsCommon.New, "KmCertificateOrder", SupportsShouldProcess = true, DefaultParameterSetName = Free)]
[OutputType(typeof(CertificateOrder))]
public sealed class NewKmCertificateOrderCommand : KmCmdlet
{
    // One set for authorities that issue what they are asked for, one for those that sell products from a catalogue.
    private const string Free = "Request";
    private const string Bought = "Product";

    /// <summary>The names for the certificate: DNS names, wildcards, IP addresses; the first becomes the common name. A text may hold several, separated by commas or semicolons.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string[] DomainName { get; set; } = [];

    /// <summary>A name, or a row of a table whose columns are named like the parameters.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>The account to order with; default: the default account.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public AccountReference? Account { get; set; }

    /// <summary>Name of the inventory entry; default: the first domain name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    public string? Name { get; set; }

    /// <summary>Kind of key: Ecdsa (the default, unless the setting DefaultKeyAlgorithm says otherwise), Rsa, or Ed25519 for private authorities.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public KeyAlgorithm? KeyAlgorithm { get; set; }

    /// <summary>Length of key in bits: Rsa 2048 to 8192 (default 2048), Ecdsa 256, 384 or 521 (default 256). Without -KeyAlgorithm the setting DefaultKeyLength may say otherwise.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? KeyLength { get; set; }

    /// <summary>Hash of the signature over the request; default: the one that fits the key.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SignatureHash? SignatureAlgorithm { get; set; }

    /// <summary>Which key renewals use: New, Same, or Import for your own key. Default: Import with your own key, Same with a certificate request, New otherwise.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public KeyOnRenewal? KeyOnRenewal { get; set; }

    /// <summary>With -KeyOnRenewal Same, which it implies: make a new key at every n-th renewal. Default 0: never.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int RotateKeyEvery { get; set; }

    /// <summary>File with your own private key: PEM or DER; it is stored and used for this order.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? PrivateKeyPath { get; set; }

    /// <summary>Password of the file in -PrivateKeyPath.</summary>
    [Parameter]
    public SecureString? PrivateKeyPassword { get; set; }

    /// <summary>A stored private key to use.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PrivateKeyCompleter))]
    public PrivateKeyReference? PrivateKey { get; set; }

    /// <summary>A certificate request as PEM text.</summary>
    [Parameter]
    public string? Csr { get; set; }

    /// <summary>File with a certificate request, PEM or DER.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? CsrPath { get; set; }

    /// <summary>A stored certificate request; see Get-KmCsr.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CsrCompleter))]
    public CsrReference? CsrName { get; set; }

    /// <summary>Days of life to ask for; default: what the authority gives.</summary>
    [Parameter(ParameterSetName = Free, ValueFromPipelineByPropertyName = true)]
    public int? ValidityDays { get; set; }

    /// <summary>
    /// The moment at which the certificate is to end, in the place of -ValidityDays; a day means its beginning in the time of this machine. Renewals ask for as much
    /// time again. Default: what the authority gives.
    /// </summary>
    [Parameter]
    public DateTimeOffset? NotAfter { get; set; }

    /// <summary>How to prove control of the names, where the authority leaves the choice. A way that it does not check is refused, also when it checks nothing.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public ChallengeType? ChallengeType { get; set; }

    /// <summary>Folder that the web server of the names serves; http-01 challenge files are put below it and taken away again.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? WebRootPath { get; set; }

    /// <summary>
    /// Answer the authority from here: address and port to listen on, such as *:80 for http-01 or *:443 for tls-alpn-01. The names have to lead to this machine, or
    /// the port be forwarded to it.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? ListenAddress { get; set; }

    /// <summary>
    /// Script (.ps1) that publishes the proof and takes it away, also at renewals. It is called with -Action Add or Remove, -Type, -DomainName, -Location, -Value,
    /// -Token and -OrderId: for dns-01 the Location is the name of the TXT record and the Value its content.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? ChallengeScript { get; set; }

    /// <summary>Targets that the certificate is deployed to when it is saved, also at renewals; see New-KmDeployTarget. Default: those that its domains are mapped to.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DeployTargetCompleter))]
    public DeployTargetReference[] DeployTarget { get; set; } = [];

    /// <summary>DNS account that publishes the proof, also at renewals; see New-KmDnsAccount. Default: the one of the domain's mapping, else the one whose zones hold the name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(EnabledDnsAccountCompleter))]
    public DnsAccountReference? DnsAccount { get; set; }

    /// <summary>Name of the authority's certificate profile, such as shortlived; Get-KmAuthority -DirectoryUrl shows them. Default: its usual one.</summary>
    [Parameter(ParameterSetName = Free, ValueFromPipelineByPropertyName = true)]
    public string? Profile { get; set; }

    /// <summary>Name of the issuer or root that the chain should end at, where the authority offers several chains.</summary>
    [Parameter(ParameterSetName = Free, ValueFromPipelineByPropertyName = true)]
    public string? PreferredChain { get; set; }

    /// <summary>Keystore that exports make unless told otherwise; default: the setting DefaultKeystoreType.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public KeystoreType? KeystoreType { get; set; }

    /// <summary>Password of those keystores; it is stored encrypted and used by later exports too.</summary>
    [Parameter]
    public SecureString? KeystorePassword { get; set; }

    /// <summary>Organization: with a catalogue the stored one (New-KmOrganization) that OV and EV products need; elsewhere the one for the subject.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OrganizationCompleter))]
    public OrganizationReference? Organization { get; set; }

    /// <summary>Organizational units for the subject.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[] OrganizationalUnit { get; set; } = [];

    /// <summary>Product of the account's catalogue, by code or name; Get-KmProduct lists them.</summary>
    [Parameter(ParameterSetName = Bought)]
    [ArgumentCompleter(typeof(ProductCompleter))]
    [Alias("ProductCode")]
    public ProductReference? Product { get; set; }

    /// <summary>Vendor of the product, where only one of its products fits.</summary>
    [Parameter(ParameterSetName = Bought)]
    [ArgumentCompleter(typeof(VendorCompleter))]
    public string? Vendor { get; set; }

    /// <summary>Validation of the product (DV, OV, EV), where only one fits.</summary>
    [Parameter(ParameterSetName = Bought)]
    public ValidationType? ValidationType { get; set; }

    /// <summary>Term to buy, in months; default: 12 where that is sold, or the only one that is.</summary>
    [Parameter(ParameterSetName = Bought)]
    public int? ValidityMonths { get; set; }

    /// <summary>Years to subscribe for, in the place of -ValidityMonths; certificates within them are renewed without another subscription.</summary>
    [Parameter(ParameterSetName = Bought)]
    [ValidateRange(1, 10)]
    public int? SubscriptionYears { get; set; }

    /// <summary>On how many servers the certificate will be installed; default 1.</summary>
    [Parameter(ParameterSetName = Bought)]
    public int? ServerCount { get; set; }

    /// <summary>The program that will use the certificate, in the authority's words; default: any.</summary>
    [Parameter(ParameterSetName = Bought)]
    [ArgumentCompleter(typeof(ServerTypeCompleter))]
    public string? ServerType { get; set; }

    /// <summary>Where the mails that prove control go: one address for all names, or one for each in their order. Get-KmApproverEmail lists those that are allowed.</summary>
    [Parameter(ParameterSetName = Bought)]
    public string[] ApproverEmail { get; set; } = [];

    /// <summary>Stored contact (New-KmContact) whom the authority may turn to; default: the account's setting AdminContact.</summary>
    [Parameter(ParameterSetName = Bought)]
    [ArgumentCompleter(typeof(ContactCompleter))]
    public ContactReference? AdminContact { get; set; }

    /// <summary>Stored contact for technical questions; default: the account's setting TechnicalContact, else the administrator.</summary>
    [Parameter(ParameterSetName = Bought)]
    [ArgumentCompleter(typeof(ContactCompleter))]
    public ContactReference? TechnicalContact { get; set; }

    /// <summary>Stored contact (New-KmContact) who asks for the certificate, where the authority wants to know; default: the account's setting Requester.</summary>
    [Parameter(ParameterSetName = Bought)]
    [ArgumentCompleter(typeof(ContactCompleter))]
    public ContactReference? Requester { get; set; }

    /// <summary>Remark for the authority, where it takes one.</summary>
    [Parameter(ParameterSetName = Bought)]
    public string? Comment { get; set; }

    /// <summary>Also for the first name with "www." in front, or without it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter IncludeWww { get; set; }

    /// <summary>
    /// Renew the certificate by itself (Invoke-KmRenewal), also where the setting RenewalNeedsPolicy asks for a policy. With -AcceptCharges and a term that is paid for: until that ends, without asking again. -AutoRenew:$false: never.
    /// Default: as the policies say.
    /// </summary>
    [Parameter]
    public SwitchParameter AutoRenew { get; set; }

    /// <summary>Days before its end at which the certificate is renewed, 1 to 398, never more than two thirds of its life. It goes before every policy but one that names just this certificate. Default: as authority and policies say.</summary>
    [Parameter]
    [ValidateRange(1, 398)]
    public int? DaysBeforeExpiry { get; set; }

    /// <summary>The order may cost money. Without it one that does is not placed, and the error says how much it would be.</summary>
    [Parameter]
    public SwitchParameter AcceptCharges { get; set; }

    /// <summary>Tags of the order and its certificate, to find it by; in a table several in one cell are separated by semicolons.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(TagCompleter))]
    [AllowEmptyString]
    public string[] Tag { get; set; } = [];

    /// <summary>Who answers for it: a name, a team or an address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OwnerCompleter))]
    [AllowEmptyString]
    public string? Owner { get; set; }

    /// <summary>Where it belongs, such as shop/production.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GroupCompleter))]
    [AllowEmptyString]
    public string? Group { get; set; }

    /// <summary>Free text about it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Note { get; set; }

    /// <summary>Place another order even when the same one is open already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        // A cell without text in a table means: not given.
        IReadOnlyList<string> units = [.. OrganizationalUnit.Where(u => !string.IsNullOrWhiteSpace(u))];
        OrderRequest request = new()
        {
            DomainNames = [.. (InputObject?.BaseObject is string name ? [name] : DomainName)
                .SelectMany(n => n.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries)).Where(n => Blank.ToNull(n) is not null).Select(KeyManager.DomainName.Parse)],
            Account = Blank.ToNull(Account?.Text),
            Name = Name,
            KeyAlgorithm = KeyAlgorithm,
            KeyLength = Blank.ToNull(KeyLength),
            SignatureAlgorithm = SignatureAlgorithm,
            KeyPolicy = KeyOnRenewal is KeyOnRenewal policy
                ? new RenewalKeyPolicy(policy, RotateKeyEvery)
                : RotateKeyEvery > 0 ? new RenewalKeyPolicy(KeyManager.KeyOnRenewal.Same, RotateKeyEvery) : null,
            PrivateKey = PrivateKey?.Text,
            CsrName = Blank.ToNull(CsrName?.Text),
            ValidityDays = Blank.ToNull(ValidityDays),
            NotAfter = NotAfter,
            ChallengeType = ChallengeType,
            WebRootPath = string.IsNullOrWhiteSpace(WebRootPath) ? null : await ResolvePathAsync(pipeline, WebRootPath!).ConfigureAwait(false),
            ListenAddress = Blank.ToNull(ListenAddress),
            ChallengeScript = string.IsNullOrWhiteSpace(ChallengeScript) ? null : await ResolvePathAsync(pipeline, ChallengeScript!).ConfigureAwait(false),
            DnsAccount = Blank.ToNull(DnsAccount?.Text),
            DeployTargets = [.. DeployTarget.Select(t => t.Text)],
            Profile = Blank.ToNull(Profile),
            PreferredChain = Blank.ToNull(PreferredChain),
            KeystoreType = KeystoreType,
            KeystorePassword = KeystorePassword.Reveal(),
            Organization = Blank.ToNull(Organization?.Text),
            Subject = units.Count == 0 ? null : new SubjectName { OrganizationalUnits = units },
            IncludeWww = IncludeWww,
            AutoRenew = IsBound(nameof(AutoRenew)) ? AutoRenew.IsPresent : null,
            DaysBeforeExpiry = DaysBeforeExpiry,
            AcceptCharges = AcceptCharges,
            Labels = LabelCells.Adding(Tag, Owner, Group, Note),
            Force = Force,
        };
        request = await pipeline.InvokeAsync(() => WithProduct(request)).ConfigureAwait(false);
        request = await WithCsrAsync(pipeline, request).ConfigureAwait(false);
        using KeyPair? own = await OwnKeyAsync(pipeline).ConfigureAwait(false);
        request = request with { ImportedKey = own };
        await Services.Directory.PrepareAsync(request.Account, pipeline, cancellationToken).ConfigureAwait(false);
        OrderPlan plan = Services.PlaceOrder.Plan(request, pipeline);
        string names = string.Join(", ", plan.Order.DomainNames);
        string product = plan.Product is null ? "" : $", {plan.Product} for {plan.Order.ValidityMonths} months";
        string charge = plan.Charge is null ? "" : $", for {plan.Charge}";
        if (await pipeline.ShouldProcessAsync(names, $"Order certificate from {plan.Order.Account} ({plan.Order.Authority}), key {plan.Order.KeySpec}{product}{charge}").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(await Services.PlaceOrder.RunAsync(plan, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
        else if (!ForceRule.MayChange(this))
        {
            // What the authority would stumble over, and what it says itself where it can be asked.
            Advice.Tell(pipeline, await Services.Preflight.RunAsync(plan.Order, null, pipeline, cancellationToken).ConfigureAwait(false));
            await Services.PlaceOrder.RehearseAsync(plan, pipeline, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// With what is bought. A row of a table is bound in the first set, which does not have these columns; PowerShell would pass over them without a word.
    /// </summary>
    private OrderRequest WithProduct(OrderRequest request) => request with
    {
        Product = Cell(nameof(Product), Product?.Text) ?? Cell("ProductCode", null),
        Vendor = Cell(nameof(Vendor), Vendor),
        ValidationType = Cell(nameof(ValidationType), ValidationType?.ToString()) is string type
            ? Enum.TryParse(type, ignoreCase: true, out ValidationType known) && known != KeyManager.ValidationType.Unknown ? known : throw NotUnderstood(nameof(ValidationType), type, "DV, OV or EV")
            : null,
        ValidityMonths = Term(),
        Requester = Cell(nameof(Requester), Requester?.Text),
        Comment = Cell(nameof(Comment), Comment),
        ServerCount = Number(nameof(ServerCount), ServerCount),
        ServerType = Cell(nameof(ServerType), ServerType),
        ApproverEmails = MailAddresses.Check([.. (Cell(nameof(ApproverEmail), ApproverEmail.Length == 0 ? null : string.Join(",", ApproverEmail)) ?? "")
            .Split([',', ';'], StringSplitOptions.RemoveEmptyEntries).Select(a => a.Trim())]),
        AdminContact = Cell(nameof(AdminContact), AdminContact?.Text),
        TechnicalContact = Cell(nameof(TechnicalContact), TechnicalContact?.Text),
    };

    /// <summary>Months, or years as months.</summary>
    private int? Term()
    {
        int? months = Number(nameof(ValidityMonths), ValidityMonths);
        return Number(nameof(SubscriptionYears), SubscriptionYears) is not int years ? months
            : months is null ? years * 12
            : throw new InvalidRequestException(ErrorIds.InvalidParameter, "-ValidityMonths and -SubscriptionYears both say what is bought.") { Target = years, Remedy = "Use one of them." };
    }

    private string? Cell(string column, string? given) =>
        Blank.ToNull(given) ?? (InputObject is { BaseObject: not string } row ? Blank.ToNull(row.Properties[column]?.Value?.ToString())?.Trim() : null);

    private int? Number(string column, int? given) => Blank.ToNull(given) ?? (Cell(column, null) is not string text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw NotUnderstood(column, text, "a whole number"));

    private static InvalidRequestException NotUnderstood(string column, string text, string right) =>
        new(ErrorIds.InvalidParameter, $"'{text}' in the column {column} is not {right}.") { Target = text, Remedy = $"{column} is {right}." };

    private async Task<OrderRequest> WithCsrAsync(IPipeline pipeline, OrderRequest request)
    {
        if (new[] { Csr, CsrPath, CsrName?.Text }.Count(given => Blank.ToNull(given) is not null) > 1)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "More than one certificate request is given.") { Remedy = "Use one of -Csr, -CsrPath and -CsrName." };
        }

        bool isGiven = Blank.ToNull(Csr) is not null || Blank.ToNull(CsrPath) is not null || request.CsrName is not null;
        if (isGiven && (request.KeyAlgorithm is not null || request.KeyLength is not null))
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "A certificate request holds its key already; -KeyAlgorithm and -KeyLength cannot change it.")
            {
                Target = CsrPath ?? request.CsrName,
                Remedy = "Leave them out, or leave the request out.",
            };
        }

        if (Blank.ToNull(Csr) is not null)
        {
            return request with { Csr = Encoding.UTF8.GetBytes(Csr!), CsrSource = "the text of -Csr" };
        }

        if (string.IsNullOrWhiteSpace(CsrPath))
        {
            return request;
        }

        string path = await ResolvePathAsync(pipeline, CsrPath!).ConfigureAwait(false);
        return request with { Csr = FileInput.Read(path), CsrSource = path };
    }

    private async Task<KeyPair?> OwnKeyAsync(IPipeline pipeline)
    {
        if (string.IsNullOrWhiteSpace(PrivateKeyPath))
        {
            return null;
        }

        string path = await ResolvePathAsync(pipeline, PrivateKeyPath!).ConfigureAwait(false);
        return Services.Keys.Read(FileInput.Read(path), PrivateKeyPassword.Reveal(), path);
    }
}
