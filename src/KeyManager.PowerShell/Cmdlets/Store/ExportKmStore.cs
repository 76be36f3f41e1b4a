using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Writes chosen parts of the store into one encrypted file, for Import-KmStore elsewhere.</summary>
/// <remarks>
/// The parts: settings, organizations, contacts, DNS accounts, accounts, targets, mappings, certificates with their keys and orders, renewal and notification policies; all of them unless
/// -Part, -Name or -Certificate chooses. The store is not changed. An order that is still open stays here, with a warning, since two stores must not go on with the same order; the audit
/// trail and the history of deployments stay too. The file is a small store of its own: its secrets are encrypted under a data key of its own that only its passphrase or key file opens.
/// </remarks>
/// <example><code>Export-KmStore ./web.km -Certificate www.contoso.com -Passphrase (Read-Host -AsSecureString)</code><para>Takes one certificate along, with its versions, keys and orders.</para></example>
/// <example><code>Get-KmCertificate -Tag shop | Export-KmStore ./shop.km -KeyFilePath ./shop.key</code><para>Takes all with a tag along.</para></example>
/// <example><code>Export-KmStore ./dns.km -Part DnsAccounts, DomainMappings -Name *contoso* -Passphrase $passphrase</code><para>Takes some DNS accounts and mappings along.</para></example>
/// <seealso cref="ImportKmStoreCommand"/>
/// <seealso cref="BackupKmStoreCommand"/>
[Cmdlet(VerbsData.Export, "KmStore", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportKmStoreCommand : KmCmdlet
{
    private readonly List<string> _entries = [];

    /// <summary>The file to write; it must not exist.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    /// <summary>Only these certificates, with everything that belongs to them.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    public CertificateReference[] Certificate { get; set; } = [];

    /// <summary>Only these parts; default: all, or with -Certificate the certificates alone.</summary>
    [Parameter]
    public StorePart[] Part { get; set; } = [];

    /// <summary>Only things with these names; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>Protect the file with this passphrase, at least 8 characters.</summary>
    [Parameter]
    public SecureString? Passphrase { get; set; }

    /// <summary>Protect the file with this key file; it is made when it does not exist, and never overwritten.</summary>
    [Parameter]
    public string? KeyFilePath { get; set; }

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(pipeline, Certificate, isList: true, reference =>
    {
        _entries.Add(Services.Inventory.Resolve(reference.Text).LineageId);
        return Task.CompletedTask;
    });

    protected override async Task EndProcessingAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        bool isNamed = Certificate.Length > 0 || MyInvocation.ExpectingInput;
        string path = await ResolvePathAsync(pipeline, Path).ConfigureAwait(false);
        string? keyFile = await ResolveOptionalPathAsync(pipeline, KeyFilePath).ConfigureAwait(false);
        string what = Part.Length > 0 ? string.Join(", ", Part) : isNamed ? $"{_entries.Distinct().Count()} certificates" : "all parts";
        if (!await pipeline.ShouldProcessAsync(path, $"Export {what} of the store").ConfigureAwait(false))
        {
            return;
        }

        TransferOptions options = new()
        {
            Parts = Part,
            LineageIds = isNamed ? [.. _entries.Distinct()] : null,
            IsMeant = NameFilter.Of(Name),
        };
        using SecretText? passphrase = Passphrase is null ? null : new SecretText(Passphrase);
        Services.ExportParts.Run(path, Protectors.Of(passphrase, keyFile), options, pipeline, cancellationToken);
        await pipeline.WriteObjectAsync(new FileInfo(path)).ConfigureAwait(false);
    }
}
