using System;
using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Providers.Secrets;

/// <summary>Where one kind of protector takes its key from.</summary>
internal interface IKeySource
{
    KeyProtectorKind Kind { get; }

    /// <summary>Makes the key of a new protector.</summary>
    /// <exception cref="StoreException">KmProtectorUnavailable: this kind does not work here.</exception>
    NewProtectorKey Create(KeyProtectorRequest request, ProtectorSite site);

    /// <summary>Keys that may be the protector's, best guess first; the caller tries and disposes each.</summary>
    /// <exception cref="StoreException">The message says why there is none here.</exception>
    IEnumerable<SecretBytes> Find(ProtectorRow row, ProtectorSite site, byte[]? passphrase);
}

/// <summary>The store that a protector is for.</summary>
internal sealed record ProtectorSite(string StoreId, StoreLocation Location);

/// <summary>The key of a protector just made.</summary>
/// <param name="Key">The key.</param>
/// <param name="Path">For a key file its path.</param>
/// <param name="Parameters">What is needed to make the key again.</param>
/// <param name="Undo">Takes back what was made outside of the store.</param>
internal sealed record NewProtectorKey(SecretBytes Key, string Path, string Parameters, Action Undo);
