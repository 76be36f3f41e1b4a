using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Changes the tags, owner, group and note of certificates.</summary>
/// <remarks>
/// They belong to the entry of the inventory: all its versions show them, and renewals keep them. What is not given stays as it is; an empty text takes the owner, the group or
/// the note away. Letter case does not tell two labels apart. Renewal and notification policies may select by them.
/// </remarks>
/// <example><code>Get-KmCertificate *.shop.contoso.com | Set-KmCertificate -Owner 'web team' -AddTag production</code><para>Many at once.</para></example>
/// <example><code>Get-KmCertificate -Tag migrated | Set-KmCertificate -RemoveTag migrated -Group ''</code><para>Takes a tag and the group away.</para></example>
/// <example><code>Import-Csv owners.csv | ForEach-Object { Set-KmCertificate $_.Name -Owner $_.Owner }</code><para>From a table with the columns Name and Owner.</para></example>
/// <seealso cref="GetKmCertificateCommand"/>
/// <seealso cref="SetKmCertificateOrderCommand"/>
[Cmdlet(VerbsCommon.Set, "KmCertificate", SupportsShouldProcess = true)]
[OutputType(typeof(Certificate))]
public sealed class SetKmCertificateCommand : CertificateCmdlet
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

    protected override async Task ProcessAsync(IPipeline pipeline, Certificate certificate, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LabelChange change = LabelCells.Change(Tag, AddTag, RemoveTag, Owner, Group, Note);
        if (await pipeline.ShouldProcessAsync(certificate.Name, "Change the labels of the certificate").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.Labels.SetOnCertificate(certificate.Id, change)).ConfigureAwait(false);
        }
    }
}
