using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Providers.Moving;

/// <summary>Contacts of accounts as authorities have them.</summary>
internal static class ContactText
{
    private const string Mail = "mailto:";

    /// <summary>The e-mail addresses among them, without mailto:.</summary>
    public static IReadOnlyList<string> Addresses(IEnumerable<string>? contacts) =>
        [.. (contacts ?? []).Where(c => c.StartsWith(Mail, StringComparison.OrdinalIgnoreCase)).Select(c => c.Substring(Mail.Length))];
}
