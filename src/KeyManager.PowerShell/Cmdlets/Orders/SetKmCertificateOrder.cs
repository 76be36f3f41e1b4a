using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Changes how orders are renewed and proved, and their tags, owner, group and note.</summary>
/// <remarks>
/// What is changed about renewal and proof counts for the order while it is open and for all its renewals; the authority hears nothing of it. One way to publish the proof takes the place of the other.
/// The certificate that comes of an open order gets them. One that came of it already has labels of its own; those are changed with Set-KmCertificate. What is not given stays as it
/// is; an empty text takes the owner, the group or the note away.
/// </remarks>
/// <example><code>Get-KmCertificateOrder -Status PendingValidation | Set-KmCertificateOrder -Owner 'web team'</code><para>Says who sees to it.</para></example>
/// <example><code>Set-KmCertificateOrder www.contoso.com -AutoRenew $true</code><para>Has the certificate renewed by Invoke-KmRenewal from now on, such as one that was taken over from another program.</para></example>
/// <example><code>Set-KmCertificateOrder www.contoso.com -DnsAccount cf -DaysBeforeExpiry 20</code><para>Proves control by records that a DNS account writes, and renews 20 days before the end.</para></example>
/// <seealso cref="GetKmCertificateOrderCommand"/>
/// <seealso cref="SetKmCertificateCommand"/>
[Cmdlet(VerbsCommon.Set, "KmCertificateOrder", SupportsShouldProcess = true)]
[OutputType(typeof(CertificateOrder))]
public sealed class SetKmCertificateOrderCommand : OrderCmdlet
{
    private static readonly string[] LabelParameters = [nameof(Tag), nameof(AddTag), nameof(RemoveTag), nameof(Owner), nameof(Group), nameof(Note)];

    /// <summary>The tags from now on, in the place of those there are; an empty list for none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TagCompleter))]
    [AllowEmptyCollection]
    public string[]? Tag { get; set; }

    /// <summary>Tags that come on top.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] AddTag { get; set; } = [];

    /// <summary>Tags that go; * and ? are wildcards.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TagCompleter))]
    [SupportsWildcards]
    public string[] RemoveTag { get; set; } = [];

    /// <summary>Who answers for it: a name, a team or an address; an empty text for nobody.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OwnerCompleter))]
    [AllowEmptyString]
    public string? Owner { get; set; }

    /// <summary>Where it belongs, such as shop/production; an empty text for nowhere.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(GroupCompleter))]
    [AllowEmptyString]
    public string? Group { get; set; }

    /// <summary>Free text; an empty one takes it away.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Note { get; set; }

    /// <summary>$true: renew the certificate by itself (Invoke-KmRenewal), also where the setting RenewalNeedsPolicy asks for a policy. $false: never. $null: as the policies say.</summary>
    [Parameter]
    [AllowNull]
    public bool? AutoRenew { get; set; }

    /// <summary>Days before its end at which the certificate is renewed, 1 to 398; $null for as authority and policies say.</summary>
    [Parameter]
    [AllowNull]
    public int? DaysBeforeExpiry { get; set; }

    /// <summary>How control of the names is proved.</summary>
    [Parameter]
    public ChallengeType? ChallengeType { get; set; }

    /// <summary>Folder that the web server of the names serves; challenge files are put below it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WebRootPath { get; set; }

    /// <summary>Answer the authority from here: address and port to listen on, such as *:80.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ListenAddress { get; set; }

    /// <summary>Script (.ps1) that publishes the proof and takes it away.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ChallengeScript { get; set; }

    /// <summary>DNS account that publishes the proof; an empty text for the one whose zones hold the names.</summary>
    [Parameter]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(EnabledDnsAccountCompleter))]
    public DnsAccountReference? DnsAccount { get; set; }

    /// <summary>Targets that the renewed certificate is deployed to; an empty list for those that its domains are mapped to.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(DeployTargetCompleter))]
    public DeployTargetReference[]? DeployTarget { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        OrderChange change = await ChangeAsync(pipeline).ConfigureAwait(false);

        // Nothing at all is an error of the labels, which are what is left.
        LabelChange? labels = change.IsEmpty || LabelParameters.Any(IsBound) ? LabelCells.Change(Tag, AddTag, RemoveTag, Owner, Group, Note) : null;
        if (!await pipeline.ShouldProcessAsync(order.ToString(), change.IsEmpty ? "Change the labels of the order" : "Change the order").ConfigureAwait(false))
        {
            return;
        }

        if (!change.IsEmpty)
        {
            order = Services.ChangeOrder.Run(order.Id, change);
        }

        if (labels is not null)
        {
            order = Services.Labels.SetOnOrder(order.Id, labels);
        }

        await pipeline.WriteObjectAsync(order).ConfigureAwait(false);
    }

    private async Task<OrderChange> ChangeAsync(IPipeline pipeline)
    {
        string[] ways = [.. new[] { nameof(WebRootPath), nameof(ListenAddress), nameof(ChallengeScript), nameof(DnsAccount) }.Where(IsBound)];
        if (ways.Length > 1)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"-{string.Join(" and -", ways)} are several ways to publish the proof.") { Remedy = "Give one of them." };
        }

        if (DaysBeforeExpiry is < 1 or > 398)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"-DaysBeforeExpiry {DaysBeforeExpiry} is out of range.") { Target = DaysBeforeExpiry, Remedy = "Give 1 to 398 days, or $null." };
        }

        return new OrderChange
        {
            ChangesAutoRenew = IsBound(nameof(AutoRenew)),
            AutoRenew = AutoRenew,
            ChangesDaysBeforeExpiry = IsBound(nameof(DaysBeforeExpiry)),
            DaysBeforeExpiry = DaysBeforeExpiry,
            ChallengeType = ChallengeType,
            WebRootPath = await ResolveOptionalPathAsync(pipeline, WebRootPath).ConfigureAwait(false),
            ListenAddress = ListenAddress,
            ChallengeScript = await ResolveOptionalPathAsync(pipeline, ChallengeScript).ConfigureAwait(false),
            DnsAccount = IsBound(nameof(DnsAccount)) ? DnsAccount?.Text ?? "" : null,
            DeployTargets = DeployTarget is null ? null : [.. DeployTarget.Select(t => t.Text)],
        };
    }
}
