using System;
using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>A certificate in another program's files, opened: what a keystore costs to decrypt is paid once. Its key is good until it is disposed.</summary>
/// <param name="entries">What the files hold.</param>
/// <param name="leaf">The certificate.</param>
/// <param name="hasKey">Whether its key lies beside it.</param>
internal sealed class OpenedCertificate(IReadOnlyList<KeystoreEntry> entries, CertificateContent leaf, bool hasKey) : IDisposable
{
    public IReadOnlyList<KeystoreEntry> Entries { get; } = entries;

    public CertificateContent Leaf { get; } = leaf;

    public bool HasKey { get; } = hasKey;

    public void Dispose() => KeystoreEntry.DisposeKeys(Entries);
}
