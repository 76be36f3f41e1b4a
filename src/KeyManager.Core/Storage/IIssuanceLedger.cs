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

    /// <summary>All that the account has issued, by serial number.</summary>
    IReadOnlyList<IssuedRecord> List(string accountId);

    /// <summary>The last CRL number of the account; 0 for none.</summary>
    long CrlNumber(string accountId);

    /// <summary>Has the next CRL number be higher than this one.</summary>
    void RaiseCrlNumber(string accountId, long number);

    /// <summary>The next CRL number of the account: 1, 2, ...</summary>
    long NextCrlNumber(string accountId);
}
