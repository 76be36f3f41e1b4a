using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Dns;

namespace KeyManager.Challenges;

/// <summary>What a dns-persist-01 record says (draft-ietf-acme-dns-persist): who may issue, for which account, for wildcards too, and until when.</summary>
/// <param name="Issuer">Name of the authority.</param>
/// <param name="AccountUri">The account, or the hash of it, as the authority's draft has it.</param>
/// <param name="IsForWildcard">Also for *.name.</param>
/// <param name="Until">After this moment it proves nothing any more; <c>null</c> for no end. Whole seconds.</param>
public sealed record PersistValue(string Issuer, string AccountUri, bool IsForWildcard, DateTimeOffset? Until)
{
    private const string Account = "accounturi";
    private const string Policy = "policy";
    private const string UntilTag = "persistUntil";

    /// <summary>Reads a record; <c>null</c> for one that an authority calls malformed.</summary>
    public static PersistValue? TryParse(string? text)
    {
        if (IssueValue.TryParse(text) is not { Issuer.Length: > 0 } value
            || new[] { Account, Policy, UntilTag }.Any(tag => value.Values(tag).Count > 1)
            || value.Values(Account).FirstOrDefault() is not { Length: > 0 } account)
        {
            return null;
        }

        DateTimeOffset? until = null;
        if (value.Values(UntilTag).FirstOrDefault() is string seconds)
        {
            if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            {
                return null;
            }

            until = DateTimeOffset.FromUnixTimeSeconds(number);
        }

        bool isForWildcard = string.Equals(value.Values(Policy).FirstOrDefault(), "wildcard", StringComparison.OrdinalIgnoreCase);
        return new PersistValue(value.Issuer, account, isForWildcard, until);
    }

    /// <summary>Whether a record proves what this one would: the same issuer and account, wildcards where this one is for them, and not run out.</summary>
    /// <param name="text">The record.</param>
    /// <param name="now">The time.</param>
    public bool IsCoveredBy(string text, DateTimeOffset now) =>
        TryParse(text) is PersistValue other && other.Issuer == Issuer && other.AccountUri == AccountUri && (other.IsForWildcard || !IsForWildcard) && !(other.Until <= now);

    /// <summary>The record.</summary>
    public override string ToString()
    {
        List<string> parts = [Issuer, $"{Account}={AccountUri}"];
        if (IsForWildcard)
        {
            parts.Add($"{Policy}=wildcard");
        }

        if (Until is DateTimeOffset until)
        {
            parts.Add($"{UntilTag}={until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}");
        }

        return string.Join("; ", parts);
    }
}
