using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.PowerShell;

/// <summary>Base of the completers that offer what stands in the stored catalogues: that of the account on the command line, else all.</summary>
public abstract class CatalogCompleter : StoreCompleter
{
    /// <summary>The products that fit what is on the command line already.</summary>
    private protected static IEnumerable<Product> Products(KeyManagerServices services, IDictionary boundParameters)
    {
        string? account = boundParameters["Account"]?.ToString();
        string? vendor = boundParameters["Vendor"]?.ToString();
        string? type = boundParameters["ValidationType"]?.ToString();
        return services.Store.Read(session => session.Accounts.List()
            .Where(a => account is null || string.Equals(a.Name, account, StringComparison.OrdinalIgnoreCase) || a.Id == account)
            .SelectMany(a => session.Products.List(a.Id)).ToList())
            .Where(p => (vendor is null || string.Equals(p.Vendor, vendor, StringComparison.OrdinalIgnoreCase)) && (type is null || string.Equals(p.ValidationType.ToString(), type, StringComparison.OrdinalIgnoreCase)));
    }
}
