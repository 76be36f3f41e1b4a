using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Files;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Takes details of certificates into the inventory where the certificates themselves are not at hand: they are listed, reported and warned of, and cannot be exported.</summary>
public sealed class ImportCertificateList(KeyManagerPorts ports)
{
    private const string NotKnown = "unknown";

    /// <summary>The rows of a list, without its heading.</summary>
    /// <param name="data">CSV, UTF-8 or UTF-16 with a byte order mark; with commas, semicolons or tabs between the cells.</param>
    /// <param name="source">What to call it in an error.</param>
    /// <exception cref="InvalidRequestException">KmListRowInvalid: it is no CSV, or has no rows.</exception>
    public static IReadOnlyList<CertificateListRow> Read(byte[] data, string source)
    {
        using StreamReader reader = new(new MemoryStream(Guard.NotNull(data)), new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true);
        List<CertificateListRow> rows;
        try
        {
            rows = [.. CsvReader.Read(reader.ReadToEnd()).Select(r => new CertificateListRow(source, r.Line, r.Cells))];
        }
        catch (FormatException error)
        {
            throw new InvalidRequestException(ErrorIds.ListRowInvalid, $"{source}: {error.Message}", error) { Target = source, Remedy = "Close it, or double quotes that are part of a text." };
        }

        if (rows.Count > 0 && rows[0].IsHeading)
        {
            rows.RemoveAt(0);
        }

        return rows.Count > 0 ? rows : throw new InvalidRequestException(ErrorIds.ListRowInvalid, $"{source} has no rows.") { Target = source, Remedy = "Each row is a certificate: name, serial number, valid from, expiry date." };
    }

    /// <summary>Stores what a row says as the next version of the entry with its name; one whose serial number the entry has already is answered as it is.</summary>
    /// <exception cref="InvalidRequestException">KmListRowInvalid.</exception>
    public Certificate Run(CertificateListRow row, LabelChange labels)
    {
        Guard.NotNull(row);
        Guard.NotNull(labels);
        (string name, string serial, DateTimeOffset start, DateTimeOffset end) = (row.Name, row.SerialNumber, row.NotBefore, row.NotAfter);
        return ports.Store.Write(session =>
        {
            string? lineage = session.Certificates.FindLineage(name);
            Certificate? known = lineage is null ? null : session.Certificates.Query(new CertificateQuery { LineageId = lineage, SerialNumber = serial, IncludeHistory = true }, null, 1).Items.FirstOrDefault();
            return known is null ? Add(session, row, labels, lineage, name, serial, start, end) : labels.IsEmpty ? known : ManageLabels.SetEntry(session, known, labels);
        });
    }

    private Certificate Add(IStoreSession session, CertificateListRow row, LabelChange labels, string? lineage, string name, string serial, DateTimeOffset start, DateTimeOffset end)
    {
        Quota.Check(session, name, row.Source, "The row was not imported.");
        Certificate? current = session.Certificates.FindCurrent(name);
        string lineageId = lineage ?? Identifier.New();
        string[] subject = [.. new[] { ("CN", name), ("OU", row.OrganizationalUnit), ("O", row.Organization) }.Where(p => p.Item2 is not null).Select(p => $"{p.Item1}={Escape(p.Item2!)}")];
        Certificate certificate = new()
        {
            Id = Identifier.New(),
            LineageId = lineageId,
            Name = current?.Name ?? name,
            Version = session.Certificates.LastVersion(lineageId) + 1,
            IsCurrent = NewVersion.IsNewest(current, end),
            Status = CertificateStatus.Valid,
            DomainNames = DomainName.TryParse(name, out DomainName domain) ? [domain] : [],
            Subject = string.Join(",", subject),
            Issuer = row.Issuer is string issuer ? issuer.Contains("=") ? issuer : "CN=" + Escape(issuer) : "",
            SerialNumber = serial,
            Thumbprint = "",
            Sha256Thumbprint = "",
            NotBefore = start,
            NotAfter = end,
            KeyDescription = NotKnown,
            SignatureAlgorithm = NotKnown,
            KeystoreType = StoreSettings.GetChoice<KeystoreType>(session.Settings, StoreSettings.DefaultKeystoreType),
            Origin = OrderOrigin.Imported,
            CreatedAt = ports.Clock.UtcNow,
            SavedAt = ports.Clock.UtcNow,
            RawData = [],
        };
        session.Certificates.Add(certificate, []);
        session.Audit.Append(new AuditEntry("Certificate", "CertificateImported", certificate.Id, certificate.Name, $"details only, {row.Source}, serial {serial}"));
        LabelChange all = row.Description is string note && labels.Note is null ? labels with { Note = note } : labels;
        return all.IsEmpty ? certificate : ManageLabels.SetEntry(session, certificate, all);
    }

    /// <summary>A value of a subject (RFC 4514 §2.4).</summary>
    private static string Escape(string value) => string.Concat(value.Select(c => c is ',' or '+' or '"' or '\\' or '<' or '>' or ';' ? "\\" + c : c.ToString()));
}
