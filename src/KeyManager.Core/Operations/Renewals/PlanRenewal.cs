using System;
using System.Linq;

namespace KeyManager.Operations;

/// <summary>Says from the facts what a sweep does with a certificate, and why. Reads nothing and changes nothing.</summary>
internal static class PlanRenewal
{
    // A change of the certificate or of a policy brings it back at once.
    private static readonly TimeSpan Idle = TimeSpan.FromDays(30);

    /// <summary>When it is due by its life, its authority and its policy; who may renew it, and what stands in the way, is another question.</summary>
    public static RenewalDecision Decide(RenewalFacts facts, DateTimeOffset now)
    {
        Certificate certificate = facts.Certificate;
        if (certificate.Status == CertificateStatus.Revoked)
        {
            return new RenewalDecision(true, now, $"it was revoked on {RenewalTimes.Day(certificate.RevokedAt ?? now)}");
        }

        if (facts.Begun is CertificateOrder begun)
        {
            return new RenewalDecision(true, now, $"its renewal was begun on {RenewalTimes.Day(begun.CreatedAt)}");
        }

        DateTimeOffset emergency = RenewalTimes.Emergency(certificate);
        if (now >= emergency)
        {
            return new RenewalDecision(
                true,
                emergency,
                now > certificate.NotAfter ? $"it ran out on {RenewalTimes.Day(certificate.NotAfter)}" : $"emergency: less than a twentieth of its life is left, until {RenewalTimes.Moment(certificate.NotAfter)}");
        }

        DateTimeOffset at = RenewalTimes.Usual(certificate);
        string why = $"{RenewalTimes.UsualWord(certificate)} of its life is left from {RenewalTimes.Moment(at)} on";
        if (facts.Info is RenewalInfo info)
        {
            at = info.RenewAt < emergency ? info.RenewAt : emergency;
            why = $"{certificate.Authority} wants it renewed between {RenewalTimes.Moment(info.WindowStart)} and {RenewalTimes.Moment(info.WindowEnd)}; chosen is {RenewalTimes.Moment(at)}"
                + (info.ExplanationUrl is null ? "" : $"; the authority explains: {info.ExplanationUrl}");
        }

        // Order and policy may ask for it earlier than the authority does, or later than is usual, but not later than the authority wants.
        (int? days, double? part, string who) = facts.OwnWishes?.DaysBeforeExpiry is int own ? (own, null, "its order") : (facts.Policy?.DaysBeforeExpiry, facts.Policy?.LifeLeft, $"policy {facts.Policy}");
        if (RenewalTimes.Wanted(certificate, days, part) is DateTimeOffset wanted && (facts.Info is null || wanted < at))
        {
            at = wanted < emergency ? wanted : emergency;
            why = $"{who} asks for it from {RenewalTimes.Moment(at)} on";
        }

        return new RenewalDecision(now >= at, at, why);
    }

    /// <summary>The line of the plan.</summary>
    /// <param name="facts">What is known.</param>
    /// <param name="now">The time.</param>
    /// <param name="isAsked">True when a person asks for just this: it is due now, and neither back-off nor policy stands in the way.</param>
    public static RenewalPlanLine Make(RenewalFacts facts, DateTimeOffset now, bool isAsked)
    {
        Certificate certificate = facts.Certificate;
        RenewalDecision decision = Decide(facts, now);
        RenewalPlanLine line = new()
        {
            CertificateId = certificate.Id,
            LineageId = certificate.LineageId,
            Name = certificate.Name,
            Status = RenewalStatus.NotDue,
            DueAt = decision.RenewAt,
            Reason = decision.Reason,
            NextLook = Earliest(decision.RenewAt, facts.Info?.AskAgainAt, facts.State?.RevocationLookAt),
            NotAfter = certificate.NotAfter,
            IsEmergency = now >= RenewalTimes.Emergency(certificate),
            Account = certificate.Account,
            Policy = facts.Policy?.Name,
        };
        if (facts.Order is null)
        {
            string what = certificate.Origin == OrderOrigin.Imported ? "it was imported" : "its order was removed";
            return line with { Status = RenewalStatus.NotRenewable, DueAt = null, NextLook = now + Idle, Reason = $"{what}; there is no order to repeat" };
        }

        bool isUndeployed = facts.State?.UndeployedId == certificate.Id;
        if (!isAsked && !isUndeployed && SwitchedOff(facts) is string off)
        {
            return line with { Status = RenewalStatus.SwitchedOff, DueAt = null, NextLook = now + Idle, Reason = off };
        }

        if (!decision.IsDue && !isAsked && !isUndeployed)
        {
            return line with { Reason = "not due: " + decision.Reason };
        }

        if (!isAsked && facts.State?.NotBefore is DateTimeOffset notBefore && notBefore > now)
        {
            return line with
            {
                Status = RenewalStatus.BackingOff,
                NextLook = notBefore,
                Reason = $"{facts.State.Attempts} attempts failed; the next is not before {RenewalTimes.Moment(notBefore)}. Last: {facts.State.Error}",
            };
        }

        if (isUndeployed && (!decision.IsDue || certificate.Status != CertificateStatus.Revoked))
        {
            return line with { Status = RenewalStatus.Undeployed, NextLook = now, Reason = "it is renewed and not deployed yet" };
        }

        // What the authority asked for counts for everybody.
        RenewalHold? hold = facts.Holds.Where(h => h.Until > now).OrderByDescending(h => h.Until).FirstOrDefault();
        return hold is not null
            ? line with { Status = RenewalStatus.Blocked, NextLook = hold.Until, Reason = $"blocked until {RenewalTimes.Moment(hold.Until)}: {hold.Reason}" }
            : line with { Status = RenewalStatus.Due, NextLook = now, Reason = decision.IsDue ? decision.Reason : "asked for" };
    }

    private static string? SwitchedOff(RenewalFacts facts) => facts switch
    {
        { Policy: { IsEnabled: false } policy } => $"policy {policy} is switched off",
        { OwnWishes.AutoRenew: false } => "its order asks for no renewal (-AutoRenew:$false)",
        { Policy: null, NeedsPolicy: true, OwnWishes: not { AutoRenew: true } } => $"no policy selects it, and the setting {StoreSettings.RenewalNeedsPolicy} asks for one",
        _ => null,
    };

    private static DateTimeOffset Earliest(DateTimeOffset first, params DateTimeOffset?[] others) => others.Aggregate(first, (a, b) => b < a ? b.Value : a);
}
