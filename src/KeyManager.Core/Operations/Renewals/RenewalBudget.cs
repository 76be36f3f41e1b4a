using System;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Who accepts what a renewal costs: its order, within the term that is paid for, else the yearly budget of its policy.</summary>
internal static class RenewalBudget
{
    /// <summary>True when the order said that renewals within its term may be ordered: the authority decides what counts against the term.</summary>
    public static bool IsAcceptedByOrder(RenewalFacts facts, DateTimeOffset now) =>
        facts.Order is { AutoRenew: true, AcceptsCharges: true } order && ReissueCertificate.IsWithinTerm(order, facts.Certificate, now);

    /// <summary>Why no budget holds the charge; <c>null</c> when one does.</summary>
    public static string? Problem(IStoreSession session, RenewalFacts facts, Charge charge, int year)
    {
        if (facts.Policy is not RenewalPolicy policy)
        {
            return "no policy with -YearlyBudget selects it";
        }

        if (policy.YearlyBudget is not decimal budget)
        {
            return $"the policy {policy} has no -YearlyBudget";
        }

        if (charge.Amount is not decimal amount)
        {
            return "so no budget can hold it";
        }

        decimal spent = session.Renewals.SumOfCharges(policy.Id, year, facts.Certificate.Id);
        return spent + amount > budget ? $"policy {policy} accepts {new Charge(budget, charge.Currency)} in a year, of which {new Charge(spent, charge.Currency)} are spent" : null;
    }

    /// <summary>Takes the charge before anything is ordered: two processes cannot spend the same money.</summary>
    /// <exception cref="InvalidRequestException">KmChargesNotAccepted.</exception>
    public static void Take(IStoreSession session, RenewalFacts facts, Charge charge, DateTimeOffset now)
    {
        Certificate certificate = facts.Certificate;
        if (IsAcceptedByOrder(facts, now))
        {
            session.Audit.Append(new AuditEntry("AutoRenewal", "ChargeAccepted", certificate.Id, certificate.Name, $"{charge}, by its order, until {RenewalTimes.Day(facts.Order!.PaidUntil!.Value)}")); // both there when it accepts
            return;
        }

        if (Problem(session, facts, charge, now.Year) is string problem)
        {
            throw new InvalidRequestException(ErrorIds.ChargesNotAccepted, $"The renewal of {certificate.Name} costs {charge}, and {problem}. Nothing was ordered.")
            {
                Target = certificate.Name,
                Remedy = $"Accept it once: Update-KmCertificate {certificate.Name} -AcceptCharges; or for a year: Set-KmRenewalPolicy {facts.Policy?.Name ?? "paid"} -YearlyBudget ...",
            };
        }

        session.Renewals.PutCharge(certificate.Id, facts.Policy!.Id, now.Year, charge.Amount!.Value); // a problem otherwise
        session.Audit.Append(new AuditEntry("AutoRenewal", "ChargeAccepted", certificate.Id, certificate.Name, $"{charge}, by policy {facts.Policy}"));
    }
}
