using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Security;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Imports certificates that were made elsewhere into the inventory, from files or from another program with their renewals.</summary>
/// <remarks>
/// Reads PKCS#12 (.pfx, .p12), Java keystores (.jks), PEM, DER (.cer, .crt) and PKCS#7 (.p7b), by content and not by extension, with keys and chains
/// where the file has them. A certificate becomes the next version of the entry with its name; one that is there already is answered as it is.
/// A file .csv is a list of details, for certificates that are not at hand themselves: certificate name, serial number, valid from, expiry date, issuer, organization, organization unit, description; the first four must
/// be filled in, dates are DD-MM-YYYY. A row that is broken is one error, and the others are imported. They are listed, reported and warned of; what needs the certificate itself says so.
/// With -From it takes over what another program manages: accounts by their keys, certificates with keys, how they are renewed, and credentials of DNS services where they can be read. What people have to do
/// themselves is told line by line. The other program's files are only read. With -WhatIf comes the plan. Renewals are held until Set-KmCertificateOrder -AutoRenew $true, so that both programs never
/// renew the same certificate; Test-KmRenewal -Rehearse proves them before.
/// </remarks>
/// <example><code>Import-KmCertificate ./old/*.pfx -Password (Read-Host -AsSecureString)</code><para>Takes in several files with the same password.</para></example>
/// <example><code>Import-KmCertificate ./old/*.pfx -Password $password -Tag migrated -Owner 'web team'</code><para>Says whose they are.</para></example>
/// <example><code>Get-Content site.pem -Raw | Import-KmCertificate -Name www.contoso.com</code><para>Takes in pasted or piped PEM text.</para></example>
/// <example><code>Import-KmCertificate ./inventory.csv -Tag listed</code><para>Takes in the details of a list.</para></example>
/// <example><code>Import-KmCertificate -From certbot -WhatIf</code><para>Shows what would be taken over from Certbot, and what has to be done by hand.</para></example>
/// <example><code>Import-KmCertificate -From lego -Path /srv/lego -Tag moved</code><para>Takes over everything from a folder of lego.</para></example>
/// <seealso cref="TestKmRenewalCommand"/>
/// <seealso cref="SetKmCertificateOrderCommand"/>
[Cmdlet(VerbsData.Import, "KmCertificate", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
[OutputType(typeof(Certificate), ParameterSetName = ["Path", "Text"])]
[OutputType(typeof(MigrationResult), ParameterSetName = ["From"])]
public sealed class ImportKmCertificateCommand : LabelAddingCmdlet
{
    /// <summary>The files; wildcards are allowed. With -From: the folder of the other program, where it is not the usual one.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = "From")]
    [Alias("FullName", "PSPath")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>PEM text.</summary>
    // By property name too: else PowerShell takes every pipeline for one of files, before it has seen an object.
    [Parameter(Mandatory = true, ParameterSetName = "Text", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Text { get; set; } = "";

    /// <summary>The program to take over from: certbot, lego, acme.sh, Posh-ACME, win-acme (also simple-acme).</summary>
    [Parameter(Mandatory = true, ParameterSetName = "From")]
    [ArgumentCompleter(typeof(ForeignToolCompleter))]
    [ValidateNotNullOrEmpty]
    public string From { get; set; } = "";

    /// <summary>Have the certificates renewed here from now on, without holding them first. Switch off the other program at once.</summary>
    [Parameter(ParameterSetName = "From")]
    public SwitchParameter AutoRenew { get; set; }

    /// <summary>Address of the authority's directory, where the other program does not keep it.</summary>
    [Parameter(ParameterSetName = "From")]
    [ValidateNotNullOrEmpty]
    public string? DirectoryUrl { get; set; }

    /// <summary>File with root certificates that the accounts trust for their connections, beside those of the machine: PEM or DER.</summary>
    [Parameter(ParameterSetName = "From")]
    [ValidateNotNullOrEmpty]
    public string? TrustedRootPath { get; set; }

    /// <summary>Address of the proxy that the accounts use. Default: the system's.</summary>
    [Parameter(ParameterSetName = "From")]
    [ValidateNotNullOrEmpty]
    public string? Proxy { get; set; }

    /// <summary>Password of the keystore or of an encrypted key.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "Text")]
    public SecureString? Password { get; set; }

    /// <summary>Name of the entry; default: the first domain name. Only for a single certificate. With -From: only the certificates that the other program calls so; * and ? are wildcards.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    public string? Name { get; set; }

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ParameterSetName == "From"
        ? MigrateAsync(pipeline, cancellationToken)
        : ParameterSetName == "Text"
        ? ImportAsync(pipeline, Encoding.UTF8.GetBytes(Text), "the given text", cancellationToken)
        : ForEachFileAsync(
            pipeline,
            Path,
            file => file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? ImportListAsync(pipeline, file, cancellationToken) : ImportAsync(pipeline, FileInput.Read(file), file, cancellationToken),
            cancellationToken);

    private async Task MigrateAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (Path.Length > 1)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"{From} has one folder, and {Path.Length} are given.") { Remedy = "Take them over one after the other." };
        }

        string? roots = await ResolveOptionalPathAsync(pipeline, TrustedRootPath).ConfigureAwait(false);
        MigrationOptions options = new()
        {
            Tool = From,
            Folder = Path.Length == 0 ? null : await ResolvePathAsync(pipeline, Path[0]).ConfigureAwait(false),
            Names = Name is null ? [] : [Name],
            AutoRenew = AutoRenew,
            DirectoryUrl = DirectoryUrl,
            AccountSettings = SettingTable.ToDictionary(null, [(nameof(TrustedRootPath), roots), (nameof(Proxy), Proxy)]),
            Labels = Labels,
        };
        if (await pipeline.ShouldProcessAsync(Services.MigrateFrom.Locate(From, options.Folder), $"Take over what {From} manages").ConfigureAwait(false))
        {
            await Services.MigrateFrom.RunAsync(options, pipeline.WriteObjectAsync, pipeline, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await WriteAllAsync(pipeline, Services.MigrateFrom.Plan(options), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ImportListAsync(IPipeline pipeline, string file, CancellationToken cancellationToken)
    {
        IReadOnlyList<CertificateListRow> rows = ImportCertificateList.Read(FileInput.Read(file), file);
        if (Name is not null || Password is not null)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"{file} is a list: its rows have names and no password.") { Target = file, Remedy = "Leave out -Name and -Password." };
        }

        if (await pipeline.ShouldProcessAsync(file, $"Import the details of {rows.Count} certificates").ConfigureAwait(false))
        {
            await ForEachAsync(pipeline, rows, isList: true, row =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return pipeline.WriteObjectAsync(Services.ImportCertificateList.Run(row, Labels));
            }).ConfigureAwait(false);
        }
    }

    private async Task ImportAsync(IPipeline pipeline, byte[] data, string source, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(source, "Import certificate").ConfigureAwait(false))
        {
            await WriteAllAsync(pipeline, Services.ImportCertificate.Run(data, Password.Reveal(), source, Name, Labels), cancellationToken).ConfigureAwait(false);
        }
    }
}
