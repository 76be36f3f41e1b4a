using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Takes parts of another store into this one, from a file of Export-KmStore or a backup.</summary>
/// <remarks>
/// Writes a line for each thing: Added, Same, Skipped, Replaced or Failed, with the reason; each is taken whole or not at all, and one that fails does not stop the others. Nobody outside is
/// asked or told anything. Importing the same file again changes nothing.
///
/// Two stores must not renew, and pay for, the same certificate. So renewal policies come switched off and certificates are not renewed here, unless -EnableRenewal says that the other
/// store is no longer in use. Orders that are still open do not come along at all: finish them where they were placed.
///
/// -Conflict Replace never replaces what is newer here, never removes a version of a certificate, and never gives an account the key of another one.
/// </remarks>
/// <example><code>Import-KmStore ./web.km -Passphrase (Read-Host -AsSecureString)</code><para>Takes everything in the file that is not here yet.</para></example>
/// <example><code>Import-KmStore ./all.km -KeyFilePath ./all.key -Part Accounts, Certificates -EnableRenewal</code><para>Takes these over; from now on they are renewed here.</para></example>
/// <example><code>Import-KmStore ./all.km -Passphrase $passphrase -WhatIf</code><para>Lists what is in the file.</para></example>
/// <seealso cref="ExportKmStoreCommand"/>
/// <seealso cref="RestoreKmStoreCommand"/>
[Cmdlet(VerbsData.Import, "KmStore", SupportsShouldProcess = true)]
[OutputType(typeof(StoreTransfer))]
public sealed class ImportKmStoreCommand : KmCmdlet
{
    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    /// <summary>Its passphrase.</summary>
    [Parameter]
    public SecureString? Passphrase { get; set; }

    /// <summary>Its key file; default: the place where it was when the file was written.</summary>
    [Parameter]
    public string? KeyFilePath { get; set; }

    /// <summary>What to do with what is here already and differs: Skip (the default) leaves it, Replace replaces it, Fail leaves it with an error.</summary>
    [Parameter]
    public TransferConflict Conflict { get; set; }

    /// <summary>Only these parts; default: all that the file holds.</summary>
    [Parameter]
    public StorePart[] Part { get; set; } = [];

    /// <summary>Only things with these names; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>Renew here what is taken in: policies stay switched on, and orders renew as they did. Only when the other store no longer does.</summary>
    [Parameter]
    public SwitchParameter EnableRenewal { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        string path = await ResolvePathAsync(pipeline, Path).ConfigureAwait(false);
        string? keyFile = await ResolveOptionalPathAsync(pipeline, KeyFilePath).ConfigureAwait(false);
        TransferOptions options = new() { Parts = Part, IsMeant = NameFilter.Of(Name), Conflict = Conflict, EnablesRenewal = EnableRenewal };
        using SecretText? passphrase = Passphrase is null ? null : new SecretText(Passphrase);
        using ImportParts.OpenedParts file = Services.ImportParts.Open(path, passphrase?.Utf8, keyFile, options);
        foreach (PartItem item in file.Items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await pipeline.ShouldProcessAsync(item.ToString(), "Import").ConfigureAwait(false))
            {
                continue;
            }

            StoreTransfer taken = item.Take();
            await pipeline.WriteObjectAsync(taken).ConfigureAwait(false);
            if (taken.Outcome == TransferOutcome.Failed)
            {
                ConflictException error = new(ConflictKind.State, taken.ErrorId ?? ErrorIds.Unexpected, $"{item}: {taken.Reason}") { Target = item.Name, Remedy = taken.Remedy ?? "Look at the reason." };
                await pipeline.WriteErrorAsync(error).ConfigureAwait(false);
            }
        }
    }
}
