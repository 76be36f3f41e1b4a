using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>The record of a built-in authority: what it issued, what it revoked, and the number of its last revocation list.</summary>
public interface IIssuanceLedger
{
    void Add(IssuedRecord record);

    IssuedRecord? FindByOrder(string accountId, string orderId);

    IssuedRecord? FindBySerial(string accountId, string serialNumber);

    /// <summary>Replaces the stored record of the same account and serial number.</summary>
    void Update(IssuedRecord record);

    /// <summary>All that are revoked, for the revocation list.</summary>
    IReadOnlyList<IssuedRecord> ListRevoked(string accountId);

    /// <summary>The next CRL number of the account: 1, 2, ...</summary>
    long NextCrlNumber(string accountId);
}
