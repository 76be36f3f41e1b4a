using System;
using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>What the engine remembers: per entry when to look again and how the last attempt went, and who asked to be left alone until when.</summary>
public interface IRenewalStore
{
    /// <summary>
    /// Identifiers of the current versions whose time to be looked at has come, the ones that end first coming first. An entry never looked at counts, and so does one
    /// whose current version changed or was revoked since.
    /// </summary>
    IReadOnlyList<string> FindToLookAt(DateTimeOffset now);

    /// <summary>The earliest time to look again; <c>null</c> when there is nothing to look at, ever.</summary>
    DateTimeOffset? NextLook();

    /// <summary>What is remembered about the entry; <c>null</c> when nothing is.</summary>
    RenewalState? Find(string lineageId);

    /// <summary>Stores it in the place of what was known before.</summary>
    void Put(RenewalState state);

    /// <summary>How many entries are due and wait after a failure or for an authority.</summary>
    int CountWaiting();

    /// <summary>Everything is looked at by the next sweep: policies have changed.</summary>
    void LookAtAll();

    /// <summary>The holds that have not ended.</summary>
    IReadOnlyList<RenewalHold> ListHolds(DateTimeOffset now);

    /// <summary>Stores a hold; one of the same scope that ends later stays.</summary>
    void PutHold(RenewalHold hold);

    /// <summary>Takes a hold back; false when there was none.</summary>
    bool RemoveHold(string scope);

    /// <summary>What the renewals by a policy have cost in a year, without that of one certificate.</summary>
    decimal SumOfCharges(string policyId, int year, string exceptCertificateId);

    /// <summary>Stores what the renewal of a certificate costs, in the place of what its last attempt was to cost.</summary>
    void PutCharge(string certificateId, string policyId, int year, decimal amount);

    /// <summary>Takes back a charge of an attempt that ordered nothing.</summary>
    void RemoveCharge(string certificateId);

    /// <summary>Takes one of the turns that an account has in an hour.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="most">How many it has.</param>
    /// <param name="now">The time.</param>
    /// <returns><c>null</c> when one was left, else the time of the next.</returns>
    DateTimeOffset? TakeTurn(string accountId, int most, DateTimeOffset now);

    /// <summary>When the last sweep ran; <c>null</c> for never.</summary>
    DateTimeOffset? LastSweep();

    /// <summary>Stores when a sweep runs.</summary>
    void PutLastSweep(DateTimeOffset at);
}
