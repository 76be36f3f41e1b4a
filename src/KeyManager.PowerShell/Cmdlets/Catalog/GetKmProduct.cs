using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the certificates that an account may order, with their terms, limits and prices.</summary>
/// <remarks>
/// What is stored is shown, and asked for again when it is older than a day (FetchedAt). Sync-KmAccount asks at once. What Symantec sold is listed under DigiCert, which has
/// issued it since 2017-12-01.
/// </remarks>
/// <example><code>Get-KmProduct -Vendor Sectigo -ValidationType DV</code><para>Lists Sectigo's certificates with domain validation.</para></example>
/// <example><code>Get-KmProduct *wildcard* | Sort-Object Vendor | Format-Table Code, Name, ValidityMonths</code><para>Wildcard certificates of all vendors.</para></example>
/// <seealso cref="SyncKmAccountCommand"/>
/// <seealso cref="NewKmCertificateOrderCommand"/>
[Cmdlet(VerbsCommon.Get, "KmProduct")]
[OutputType(typeof(Product))]
public sealed class GetKmProductCommand : KmCmdlet
{
    /// <summary>Code or name; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ProductCompleter))]
    [SupportsWildcards]
    [Alias("Name", "Code")]
    public string[] Product { get; set; } = ["*"];

    /// <summary>The account; default: the default account.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public AccountReference? Account { get; set; }

    /// <summary>Only those of this vendor, as people or as the authority call it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(VendorCompleter))]
    public string? Vendor { get; set; }

    /// <summary>Only those with this kind of validation: DV, OV or EV.</summary>
    [Parameter]
    public ValidationType? ValidationType { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<Product> all = await Services.Catalog.GetAsync(Account?.Text, pipeline, cancellationToken).ConfigureAwait(false);
        List<Product> fitting = [.. all.Where(p => (Vendor is null || Is(p.Vendor, Vendor) || Is(p.AuthorityVendor, Vendor)) && (ValidationType is null || p.ValidationType == ValidationType))];
        IReadOnlyList<Product> found = await FindNamedAsync(pipeline, Product, fitting, p => [p.Code, p.Name],
            name => throw new NotFoundException(ErrorIds.ProductNotFound, $"There is no product '{name}'.") { Target = name, Remedy = "Get-KmProduct without a name lists all; Sync-KmAccount fetches the list again." }).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    }

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
