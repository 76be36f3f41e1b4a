using System;

namespace KeyManager.Providers.Storage;

/// <summary>Moments as the database holds them: 100 ns since 1970, UTC. Exact, small, and sorted as numbers.</summary>
internal static class StoredTime
{
    private const long UnixEpoch = 621_355_968_000_000_000;

    public static long ToNumber(DateTimeOffset time) => time.UtcTicks - UnixEpoch;

    public static DateTimeOffset FromNumber(long number) => new(number + UnixEpoch, TimeSpan.Zero);
}
