using System;
using System.Collections.Generic;
using KeyManager.Providers.Files;
using KeyManager.Providers.Secrets;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>How to open or make a store; the defaults are right for everything but tests and New-KmStore.</summary>
public sealed record StoreOptions
{
    /// <summary>How long to wait for another process or thread that writes. 15 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Protectors of a new store. Empty takes the usual one: Windows data protection for the user or machine; elsewhere a key file.
    /// </summary>
    public IReadOnlyList<KeyProtectorRequest> Protectors { get; init; } = [];

    /// <summary>The process and machine.</summary>
    public HostEnvironment Environment { get; init; } = HostEnvironment.Current;

    /// <summary>Cost of new passphrase protectors.</summary>
    internal Argon2Cost PassphraseCost { get; init; } = Argon2Cost.Default;

    /// <summary>Where a disk would be full, in pages; <c>null</c> for the real disk.</summary>
    internal int? MostPages { get; init; }

    /// <summary>Whether a path lies on a network file system.</summary>
    internal Func<string, bool> IsNetworkPath { get; init; } = NetworkPath.IsRemote;

    /// <summary>The migrations, 1, 2, ...</summary>
    internal IReadOnlyList<Migration> Migrations { get; init; } = Migration.All;
}
