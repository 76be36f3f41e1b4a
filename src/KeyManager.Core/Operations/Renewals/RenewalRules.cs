using System;
using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>What counts for all certificates of the store: policies, settings, holds.</summary>
internal sealed record RenewalRules(IReadOnlyList<RenewalPolicy> Policies, IReadOnlyList<RenewalHold> Holds, bool NeedsPolicy)
{
    public static RenewalRules Read(IStoreSession session, DateTimeOffset now) => new(
        session.RenewalPolicies.List(), session.Renewals.ListHolds(now), StoreSettings.Get(session.Settings, StoreSettings.RenewalNeedsPolicy) == bool.TrueString);
}
