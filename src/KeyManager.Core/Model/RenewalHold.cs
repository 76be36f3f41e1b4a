using System;

namespace KeyManager;

/// <summary>A time before which an authority, an account or a set of names is left alone, because it asked for that.</summary>
/// <param name="Scope">"account:" and its id, or "names:", the account's id and the names.</param>
/// <param name="Until">The end of it.</param>
/// <param name="Reason">Why.</param>
public sealed record RenewalHold(string Scope, DateTimeOffset Until, string Reason)
{
    internal static string OfAccount(string accountId) => "account:" + accountId;

    internal static string OfNames(CertificateOrder order) => OfNamesOf(order.AccountId) + string.Join(",", System.Linq.Enumerable.OrderBy(System.Linq.Enumerable.Select(order.DomainNames, n => n.Ascii), n => n, StringComparer.Ordinal));

    internal static string OfNamesOf(string accountId) => "names:" + accountId + ":";
}
