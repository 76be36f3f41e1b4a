using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns;

/// <summary>The CAA records that count for a name, and what they say of an authority (RFC 8659 §4, RFC 8657).</summary>
internal sealed record CaaSet(IReadOnlyList<CaaRecord> Records)
{
    private static readonly string[] KnownTags = ["issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone"];

    /// <summary>Why the authority may not issue; <c>null</c> when it may.</summary>
    /// <param name="isWildcard">Whether the name is a wildcard.</param>
    /// <param name="identities">What the authority is called in such records.</param>
    /// <param name="accountUri">The account; <c>null</c> when not known, then a property that names one does not fit.</param>
    /// <param name="method">How it will be proved, such as dns-01; <c>null</c> when not known, then any will do.</param>
    public string? FindObstacle(bool isWildcard, IReadOnlyList<string> identities, string? accountUri, string? method)
    {
        if (Records.FirstOrDefault(r => r.IsCritical && !KnownTags.Contains(r.Tag)) is CaaRecord unknown)
        {
            return $"the property {unknown} is marked as critical, and nobody knows its tag";
        }

        // A wildcard goes by issuewild alone where there is one; without any property of the kind wanted everybody may issue.
        List<CaaRecord> properties = [.. Records.Where(r => r.Tag == (isWildcard && Records.Any(w => w.Tag == "issuewild") ? "issuewild" : "issue"))];
        if (properties.Count == 0)
        {
            return null;
        }

        List<string> reasons = [];
        foreach (CaaRecord property in properties)
        {
            if (Mismatch(property, identities, accountUri, method) is not string reason)
            {
                return null;
            }

            reasons.Add($"{property} {reason}");
        }

        return string.Join("; ", reasons);
    }

    private static string? Mismatch(CaaRecord property, IReadOnlyList<string> identities, string? accountUri, string? method)
    {
        if (IssueValue.TryParse(property.Value) is not IssueValue value)
        {
            return "cannot be read, which allows nobody";
        }

        if (!identities.Contains(value.Issuer, StringComparer.OrdinalIgnoreCase))
        {
            return value.Issuer.Length == 0 ? "allows nobody" : $"allows {value.Issuer}";
        }

        IReadOnlyList<string> accounts = value.Values("accounturi");
        if (accounts.Count > 1 || (accounts.Count == 1 && accounts[0] != accountUri))
        {
            return accounts.Count > 1 ? "names more than one account, which fits none" : accountUri is null ? "asks for a certain account, and the address of ours is not known" : $"is for another account than {accountUri}";
        }

        IReadOnlyList<string> methods = value.Values("validationmethods");
        return methods.Count > 1 ? "names the methods more than once, which fits none"
            : methods.Count == 1 && method is not null && !methods[0].Split(',').Contains(method, StringComparer.Ordinal) ? $"does not allow {method}"
            : null;
    }
}
