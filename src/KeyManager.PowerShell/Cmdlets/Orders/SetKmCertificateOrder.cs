using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Changes the tags, owner, group and note of certificate orders.</summary>
/// <remarks>
/// The certificate that comes of an open order gets them. One that came of it already has labels of its own; those are changed with Set-KmCertificate. What is not given stays as it
/// is; an empty text takes the owner, the group or the note away.
/// </remarks>
/// <example><code>Get-KmCertificateOrder -Status PendingValidation | Set-KmCertificateOrder -Owner 'web team'</code><para>Says who sees to it.</para></example>
/// <seealso cref="GetKmCertificateOrderCommand"/>
/// <seealso cref="SetKmCertificateCommand"/>
[Cmdlet(VerbsCommon.Set, "KmCertificateOrder", SupportsShouldProcess = true)]
[OutputType(typeof(CertificateOrder))]
public sealed class SetKmCertificateOrderCommand : OrderCmdlet
{
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

    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LabelChange change = LabelCells.Change(Tag, AddTag, RemoveTag, Owner, Group, Note);
        if (await pipeline.ShouldProcessAsync(order.ToString(), "Change the labels of the order").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.Labels.SetOnOrder(order.Id, change)).ConfigureAwait(false);
        }
    }
}
