using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>The catalogues of accounts.</summary>
internal sealed class ProductTable(Database database) : IProductStore
{
    public IReadOnlyList<Product> List(string accountId) =>
    [
        .. database.Query("SELECT document FROM products WHERE account_id = @account", row => RecordJson.Read<Product>(row.Text(0)), ("@account", accountId))
            .OrderBy(p => p.Vendor, System.StringComparer.OrdinalIgnoreCase).ThenBy(p => p.Name, System.StringComparer.OrdinalIgnoreCase),
    ];

    public void Replace(string accountId, IEnumerable<Product> products)
    {
        _ = database.Execute("DELETE FROM products WHERE account_id = @account", ("@account", accountId));
        foreach (Product product in products)
        {
            _ = database.Execute(
                "INSERT OR REPLACE INTO products (account_id, code, document) VALUES (@account, @code, @document)",
                ("@account", accountId),
                ("@code", product.Code),
                ("@document", RecordJson.Write(product)));
        }
    }
}
