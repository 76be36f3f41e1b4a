using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace KeyManager.Operations;

/// <summary>A row of a list of certificates: details without the certificate itself.</summary>
/// <param name="Source">The file.</param>
/// <param name="Line">The line on which the row begins, from 1.</param>
/// <param name="Cells">
/// Certificate name, serial number, valid from, expiry date, issuer, organization, organization unit, description, in this order. The first four must be there; dates are DD-MM-YYYY.
/// </param>
public sealed record CertificateListRow(string Source, int Line, IReadOnlyList<string> Cells)
{
    private static readonly string[] Names = ["certificate name", "serial number", "valid from", "expiry date", "issuer", "organization", "organization unit", "description"];

    // DD-MM-YYYY is what the form says; the other is what no spreadsheet can take for something else.
    private static readonly string[] DateForms = ["dd-MM-yyyy", "yyyy-MM-dd"];

    /// <summary>True for a row that says what the columns are, and no certificate.</summary>
    internal bool IsHeading => Cells.Count >= 4 && !Date(2).HasValue && !Date(3).HasValue && Cells.Take(4).All(c => c.Length > 0) && !Cells[1].Any(char.IsDigit);

    internal string Name => Required(0);

    /// <summary>Upper-case hexadecimal.</summary>
    internal string SerialNumber
    {
        get
        {
            string text = Required(1);
            string plain = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.Substring(2) : text;
            plain = new([.. plain.Where(c => c is not (':' or ' ' or '-')).Select(char.ToUpperInvariant)]);
            return plain.Length is > 0 and <= 80 && plain.All(Uri.IsHexDigit) ? plain : throw Invalid($"'{text}' is no serial number", "Write it in hexadecimal.");
        }
    }

    internal DateTimeOffset NotBefore => RequiredDate(2);

    internal DateTimeOffset NotAfter => RequiredDate(3) is DateTimeOffset end && end >= NotBefore ? end : throw Invalid("the expiry date is before valid from", "Look whether the dates are in their columns.");

    internal string? Issuer => Optional(4);

    internal string? Organization => Optional(5);

    internal string? OrganizationalUnit => Optional(6);

    internal string? Description => Optional(7);

    /// <summary>The error of this row.</summary>
    internal InvalidRequestException Invalid(string problem, string remedy) =>
        new(ErrorIds.ListRowInvalid, FormattableString.Invariant($"{Source}, line {Line}: {problem}.")) { Target = FormattableString.Invariant($"{Source}:{Line}"), Remedy = remedy };

    private string? Optional(int column) => column < Cells.Count && Cells[column].Length > 0 ? Cells[column] : null;

    private string Required(int column) => Optional(column) ?? throw Invalid($"the {Names[column]} is missing", "The columns are " + string.Join(", ", Names) + "; the first four must be filled in.");

    private DateTimeOffset RequiredDate(int column)
    {
        string text = Required(column);
        return Date(column) ?? throw Invalid($"the {Names[column]} '{text}' is no date", "Write it as DD-MM-YYYY, such as 31-12-2026.");
    }

    private DateTimeOffset? Date(int column) =>
        DateTimeOffset.TryParseExact(Optional(column), DateForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;
}
