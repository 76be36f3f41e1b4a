using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>The catalogues of accounts, as their authorities last told them.</summary>
public interface IProductStore
{
    /// <summary>The catalogue of an account, by vendor and name; empty when it was never asked for.</summary>
    IReadOnlyList<Product> List(string accountId);

    /// <summary>Puts a catalogue in the place of the one before.</summary>
    void Replace(string accountId, IEnumerable<Product> products);
}
