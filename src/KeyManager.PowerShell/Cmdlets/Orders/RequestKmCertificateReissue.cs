using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Asks for another certificate within the term that an order has paid for: with a new key, or other names.</summary>
/// <remarks>
/// It becomes an order of its own here, and stays the same one at the authority; Invoke-KmChallenge completes it, and the new certificate becomes the current version of its entry. The
/// key is a new one unless another is given. Update-KmCertificate does the same by itself where a certificate ends before the term does. Names that were not paid for
/// cost money: -AcceptCharges.
/// </remarks>
/// <example><code>Request-KmCertificateReissue www.contoso.com | Invoke-KmChallenge</code><para>A new key for the newest order of the entry.</para></example>
/// <example><code>Request-KmCertificateReissue shop -AddDomainName api.contoso.com -RemoveDomainName old.contoso.com -AcceptCharges | Invoke-KmChallenge</code><para>Other names.</para></example>
/// <example><code>Request-KmCertificateReissue www.contoso.com -AllowImported -CsrPath ./appliance.csr | Invoke-KmChallenge</code><para>An order that was placed elsewhere, with a request whose key stays where it is.</para></example>
/// <seealso cref="UpdateKmCertificateCommand"/>
/// <seealso cref="InvokeKmChallengeCommand"/>
[Cmdlet(VerbsLifecycle.Request, "KmCertificateReissue", SupportsShouldProcess = true)]
[OutputType(typeof(CertificateOrder))]
public sealed class RequestKmCertificateReissueCommand : OrderCmdlet
{
    /// <summary>Names to add.</summary>
    [Parameter]
    public string[] AddDomainName { get; set; } = [];

    /// <summary>Names to leave out.</summary>
    [Parameter]
    public string[] RemoveDomainName { get; set; } = [];

    /// <summary>Kind of the new key; default: as before.</summary>
    [Parameter]
    public KeyAlgorithm? KeyAlgorithm { get; set; }

    /// <summary>Length of the new key in bits; default: as before.</summary>
    [Parameter]
    public int? KeyLength { get; set; }

    /// <summary>File with your own private key: PEM or DER.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
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
    [ValidateNotNullOrEmpty]
    public string? Csr { get; set; }

    /// <summary>File with a certificate request, PEM or DER.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CsrPath { get; set; }

    /// <summary>A stored certificate request.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CsrCompleter))]
    public CsrReference? CsrName { get; set; }

    /// <summary>How to prove control of the names, where that is needed again; default: as before.</summary>
    [Parameter]
    public ChallengeType? ChallengeType { get; set; }

    /// <summary>Folder that the web server of the names serves; default: as before.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WebRootPath { get; set; }

    /// <summary>Script that publishes the proof; default: as before.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ChallengeScript { get; set; }

    /// <summary>DNS account that publishes the proof; default: as before.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EnabledDnsAccountCompleter))]
    public DnsAccountReference? DnsAccount { get; set; }

    /// <summary>Where mails that prove control go: one address for all names, or one for each; default: as before.</summary>
    [Parameter]
    public string[] ApproverEmail { get; set; } = [];

    /// <summary>Also an order that was placed elsewhere; the key or the request has to be given then.</summary>
    [Parameter]
    public SwitchParameter AllowImported { get; set; }

    /// <summary>It may cost money.</summary>
    [Parameter]
    public SwitchParameter AcceptCharges { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        if (new object?[] { PrivateKeyPath, PrivateKey, Csr, CsrPath, CsrName }.Count(given => given is not null) > 1)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "More than one key or certificate request is given.") { Remedy = "Use one of -PrivateKeyPath, -PrivateKey, -Csr, -CsrPath and -CsrName." };
        }

        string? csrPath = await ResolveOptionalPathAsync(pipeline, CsrPath).ConfigureAwait(false);
        string? keyPath = await ResolveOptionalPathAsync(pipeline, PrivateKeyPath).ConfigureAwait(false);
        using KeyPair? own = keyPath is null ? null : Services.Keys.Read(FileInput.Read(keyPath), PrivateKeyPassword.Reveal(), keyPath);
        await Services.Directory.PrepareAsync(order.AccountId, pipeline, cancellationToken).ConfigureAwait(false);
        ReissueRequest request = new()
        {
            Add = [.. AddDomainName.Select(DomainName.Parse)],
            Remove = [.. RemoveDomainName.Select(DomainName.Parse)],
            KeyAlgorithm = KeyAlgorithm,
            KeyLength = KeyLength,
            ImportedKey = own,
            PrivateKey = PrivateKey?.Text,
            Csr = Csr is not null ? Encoding.UTF8.GetBytes(Csr) : csrPath is null ? null : FileInput.Read(csrPath),
            CsrSource = csrPath ?? "the text of -Csr",
            CsrName = CsrName?.Text,
            ChallengeType = ChallengeType,
            WebRootPath = await ResolveOptionalPathAsync(pipeline, WebRootPath).ConfigureAwait(false),
            ChallengeScript = await ResolveOptionalPathAsync(pipeline, ChallengeScript).ConfigureAwait(false),
            DnsAccount = DnsAccount?.Text,
            ApproverEmails = MailAddresses.Check(ApproverEmail),
            AllowImported = AllowImported,
            AcceptCharges = AcceptCharges,
        };
        OrderPlan plan = Services.ReissueCertificate.Plan(order.Id, request, pipeline);
        string cost = plan.Charge is null ? "within its term" : $"costs {plan.Charge}";
        if (await pipeline.ShouldProcessAsync(string.Join(", ", plan.Order.DomainNames), $"Issue order {order.Id} of {order.Account} again, key {plan.Order.KeySpec}, {cost}").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(await Services.ReissueCertificate.RunAsync(plan, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
