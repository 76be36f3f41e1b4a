using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace KeyManager.Tests.Support.Acme;

/// <summary>What the parts of the server share. Used by one request at a time.</summary>
internal sealed class ServerContext(Clock clock, string origin)
{
    private readonly Random _order = new(2119);
    private int _count = 1000;

    public DateTimeOffset Now => clock.UtcNow;

    public string Origin { get; } = origin;

    public Nonces Nonces { get; } = new();

    public ServerIssuer Issuer { get; } = new();

    public ServerPolicy Policy { get; set; } = new();

    public ServerPace Pace { get; } = new();

    public ServerFaults Faults { get; } = new();

    public ServerOddities Oddities { get; } = new();

    public Func<AcmeValidation, string?> Validate { get; set; } = _ => null;

    public List<ServedAccount> Accounts { get; } = [];

    public List<ServedOrder> Orders { get; } = [];

    public List<ServedAuthorization> Authorizations { get; } = [];

    public List<ServedCertificate> Certificates { get; } = [];

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public string Url(string path) => Origin + path;

    /// <summary>An address as it goes out: relative when the test wants to see whether the client copes.</summary>
    public string Out(string url) => Oddities.RelativeUrls && url.StartsWith(Origin, StringComparison.Ordinal) ? url.Substring(Origin.Length) : url;

    public string NextId() => (++_count).ToString(CultureInfo.InvariantCulture);

    /// <summary>The same things in another order; clients must not count on the one they sent.</summary>
    public List<T> Shuffle<T>(IEnumerable<T> items) => [.. items.Select(item => (item, place: _order.Next())).OrderBy(pair => pair.place).Select(pair => pair.item)];

    public HttpAnswer WithRetryAfter(HttpAnswer answer) => answer.With("Retry-After", Pace.RetryAfter is TimeSpan span ? Pace.Write(span, Now) : null);
}
