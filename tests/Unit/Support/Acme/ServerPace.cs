using System;
using System.Globalization;

namespace KeyManager.Tests.Support.Acme;

/// <summary>How long things take, counted in looks of the client, and what the client is told about it.</summary>
public sealed class ServerPace
{
    /// <summary>How many looks at order, authorization or challenge still see "processing"; with 0 the answer to the trigger has the result.</summary>
    public int ValidationPolls { get; set; }

    /// <summary>How many looks at the order still see "processing"; with 0 the answer to finalize has the certificate.</summary>
    public int IssuancePolls { get; set; }

    /// <summary>Challenges stay in processing for ever.</summary>
    public bool ParksValidations { get; set; }

    /// <summary>Orders stay in processing for ever.</summary>
    public bool ParksOrders { get; set; }

    /// <summary>Told while something is processing; null for no such header.</summary>
    public TimeSpan? RetryAfter { get; set; }

    /// <summary>Retry-After is a date (RFC 9110 §10.2.3) in place of seconds.</summary>
    public bool SaysRetryAfterAsDate { get; set; }

    internal string Write(TimeSpan span, DateTimeOffset now) => SaysRetryAfterAsDate
        ? (now + span).UtcDateTime.ToString("R", CultureInfo.InvariantCulture)
        : ((long)span.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
