using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Authorities;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>What authorities keep for accounts.</summary>
internal sealed class DirectoryTable(Database database) : IDirectoryStore
{
    public IReadOnlyList<AuthorityGroup> Groups(string accountId) => List<AuthorityGroup>(accountId, DirectoryScope.Group, g => g.Name);

    public IReadOnlyList<Organization> Organizations(string accountId) => List<Organization>(accountId, DirectoryScope.Organization, o => o.Name);

    public IReadOnlyList<AuthorityDomain> Domains(string accountId) => List<AuthorityDomain>(accountId, DirectoryScope.Domain, d => d.DomainName);

    public void Replace(string accountId, AccountDirectory directory, DateTimeOffset now)
    {
        Replace(accountId, DirectoryScope.Group, directory.Groups, AccountDirectory.KeyOf, now);
        Replace(accountId, DirectoryScope.Organization, directory.Organizations, AccountDirectory.KeyOf, now);
        Replace(accountId, DirectoryScope.Domain, directory.Domains, AccountDirectory.KeyOf, now);
    }

    public DateTimeOffset? FetchedAt(string accountId, DirectoryScope part) =>
        database.Text("SELECT fetched_at FROM directory_fetches WHERE account_id = @account AND part = @part", ("@account", accountId), ("@part", part.ToString())) is string text
            ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            : null;

    private List<T> List<T>(string accountId, DirectoryScope part, Func<T, string> order)
        where T : class =>
    [
        .. database.Query("SELECT document FROM directory WHERE account_id = @account AND part = @part", row => RecordJson.Read<T>(row.Text(0)), ("@account", accountId), ("@part", part.ToString()))
            .OrderBy(order, StringComparer.OrdinalIgnoreCase),
    ];

    private void Replace<T>(string accountId, DirectoryScope part, IReadOnlyList<T>? entries, Func<T, string> key, DateTimeOffset now)
        where T : class
    {
        if (entries is null)
        {
            return;
        }

        _ = database.Execute("DELETE FROM directory WHERE account_id = @account AND part = @part", ("@account", accountId), ("@part", part.ToString()));
        foreach (T entry in entries)
        {
            _ = database.Execute(
                "INSERT OR REPLACE INTO directory (account_id, part, entry, document) VALUES (@account, @part, @entry, @document)",
                ("@account", accountId),
                ("@part", part.ToString()),
                ("@entry", key(entry)),
                ("@document", RecordJson.Write(entry)));
        }

        _ = database.Execute(
            "INSERT INTO directory_fetches (account_id, part, fetched_at) VALUES (@account, @part, @at) ON CONFLICT (account_id, part) DO UPDATE SET fetched_at = excluded.fetched_at",
            ("@account", accountId),
            ("@part", part.ToString()),
            ("@at", now.ToString("o", CultureInfo.InvariantCulture)));
    }
}
