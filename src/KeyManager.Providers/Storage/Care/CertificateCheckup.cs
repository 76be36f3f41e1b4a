using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Storage.Care;

/// <summary>Whether every certificate can be read, and the columns beside it say what it says.</summary>
internal sealed class CertificateCheckup() : StoreCheckup(
    "Certificates", ErrorIds.CertificateUnreadable, "Remove-KmCertificate takes it away; Sync-KmCertificateOrder or Import-KmCertificate brings it again.")
{
    private readonly CertificateTools _tools = new();
    private long _count;

    public override string Good => string.Format(CultureInfo.InvariantCulture, "All {0:N0} certificates can be read, and are listed as what they are.", _count);

    public override IEnumerable<Finding> Look(CheckContext context)
    {
        Database database = context.Database;

        // Of some only the details of a list are known: there is nothing to hold them against.
        List<string> ids = database.Query("SELECT id FROM certificates WHERE sha256_thumbprint NOT LIKE @none ORDER BY not_after", row => row.Text(0), ("@none", CertificateSearch.NoHash + "%"));
        _count = ids.Count;
        foreach (string id in ids)
        {
            Stored stored = database.First("SELECT lineage_id, version, raw_data FROM certificates WHERE id = @id", row => new Stored(row.Text(0), row.Number(1), row.Bytes(2)), ("@id", id))!; // just listed
            string label = $"The certificate '{database.Text("SELECT name FROM lineages WHERE id = @id", ("@id", stored.LineageId)) ?? stored.LineageId}' v{stored.Version} ({id})";
            CertificateContent? content = Parse(stored.Der);
            if (content is null)
            {
                yield return new Finding($"{label} cannot be read.");
                continue;
            }

            (string Name, object? Value)[] values = CertificateTable.Derived(content);
            IReadOnlyList<string> wrong = database.Differences("certificates", id, values);
            HashSet<string> names = [.. content.DomainNames.Select(n => n.Ascii)];
            bool areNamesWrong = !names.SetEquals(database.Query("SELECT name FROM certificate_names WHERE certificate_id = @id", row => row.Text(0), ("@id", id)));
            if (wrong.Count > 0 || areNamesWrong)
            {
                yield return new Finding($"{label} is listed with another {string.Join(", ", areNamesWrong ? wrong.Append("set of names") : wrong)} than it has.", () => Fix(database, id, content, values));
            }
        }

        foreach (string finding in Chains(database))
        {
            yield return new Finding(finding);
        }
    }

    private static void Fix(Database database, string id, CertificateContent content, (string Name, object? Value)[] values)
    {
        _ = database.Update("certificates", id, values);
        _ = database.Execute("DELETE FROM certificate_names WHERE certificate_id = @id", ("@id", id));
        CertificateTable.AddNames(database, id, content.DomainNames);
    }

    private IEnumerable<string> Chains(Database database)
    {
        using SHA256 sha256 = SHA256.Create();
        foreach ((string hash, byte[] der) in database.Stream("SELECT sha256, raw_data FROM chain_certificates", row => (row.Text(0), row.Bytes(1))))
        {
            if (hash != Hashes.ToHex(sha256.ComputeHash(der)))
            {
                yield return $"The certificate of a chain with the SHA-256 thumbprint {hash} was changed.";
            }
        }
    }

    private CertificateContent? Parse(byte[] der)
    {
        try
        {
            return _tools.Parse(der);
        }
        catch (KeyMaterialException)
        {
            return null;
        }
    }

    private sealed record Stored(string LineageId, long Version, byte[] Der);
}
