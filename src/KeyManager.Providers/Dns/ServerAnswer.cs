using System;
using System.Collections.Generic;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns;

/// <summary>What one server of a zone said.</summary>
/// <param name="Server">Who.</param>
/// <param name="Text">The values of the TXT records; empty when there are none; <c>null</c> when it gave no answer of its own.</param>
/// <param name="Problem">Why there is no answer of its own: SERVFAIL, silence, not a server of the zone; <c>null</c> when there is one.</param>
/// <param name="ResponseCode">The code of an answer that is an error; else <c>null</c>.</param>
internal sealed record ServerAnswer(NameServer Server, IReadOnlyList<string>? Text, string? Problem, DnsResponseCode? ResponseCode = null)
{
    /// <summary>True when the world meets this server's trouble too, so that waiting or mending is needed: its own answer, or its own failure.</summary>
    /// <remarks>A server that is silent may be so for this machine alone, and one that does not serve the zone is passed over by every resolver.</remarks>
    public bool Counts => Text is not null || ResponseCode == DnsResponseCode.ServFail;

    /// <summary>True when it holds this value, among others or alone.</summary>
    public bool Has(string value)
    {
        foreach (string text in Text ?? [])
        {
            if (string.Equals(text, value, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
