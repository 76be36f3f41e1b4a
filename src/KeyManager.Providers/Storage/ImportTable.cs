using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>How far imports have come.</summary>
internal sealed class ImportTable(Database database) : IImportStore
{
    public string? Find(string accountId) => database.Text("SELECT after FROM imports WHERE account_id = @account", ("@account", accountId));

    public void Put(string accountId, string? after) => _ = after is null
        ? database.Execute("DELETE FROM imports WHERE account_id = @account", ("@account", accountId))
        : database.Execute(
            "INSERT INTO imports (account_id, after) VALUES (@account, @after) ON CONFLICT (account_id) DO UPDATE SET after = excluded.after",
            ("@account", accountId),
            ("@after", after));
}
