using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Deployments;

/// <summary>A certificate with everything that belongs to it, alive while it is deployed. Dispose it: the key is then overwritten.</summary>
/// <param name="certificate">The certificate.</param>
/// <param name="chain">The certificates above it, DER, without the root.</param>
/// <param name="key">The private key; <c>null</c> when it is not stored here.</param>
/// <param name="keys">Writes keys.</param>
/// <param name="tools">Writes certificates.</param>
public sealed class DeployContent(Certificate certificate, IReadOnlyList<byte[]> chain, KeyPair? key, IKeyTools keys, ICertificateTools tools) : IDisposable
{
    /// <summary>The certificate.</summary>
    public Certificate Certificate { get; } = certificate;

    /// <summary>The certificates above it, DER, without the root.</summary>
    public IReadOnlyList<byte[]> Chain { get; } = chain;

    /// <summary>The private key.</summary>
    /// <exception cref="KeyMaterialException">KmPrivateKeyNotFound: it is not stored here.</exception>
    public KeyPair Key => key ?? throw new KeyMaterialException(ErrorIds.PrivateKeyNotFound, $"The private key of {Certificate} is not stored here.")
    {
        Target = Certificate.Name,
        Remedy = "Import it with Import-KmPrivateKey; a target that gets certificates only needs no key: leave its KeyPath empty.",
    };

    /// <summary>The bytes of a part in PEM. Overwrite those of a private one after use.</summary>
    /// <exception cref="KeyMaterialException">KmPrivateKeyNotFound.</exception>
    public byte[] Pem(DeployPart part) => part switch
    {
        DeployPart.Certificate => tools.ToPem([Certificate.Der]),
        DeployPart.Chain => tools.ToPem(Chain),
        DeployPart.FullChain => tools.ToPem([Certificate.Der, .. Chain]),
        DeployPart.Key => keys.ToPem(Key, null),
        DeployPart.Combined => Combined(),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "It is no PEM file."),
    };

    /// <summary>As entry of a keystore. The key stays this object's.</summary>
    public KeystoreEntry Entry(string alias) => new() { Alias = alias, Key = Key, Certificates = [Certificate.Der, .. Chain] };

    public void Dispose() => key?.Dispose();

    private byte[] Combined()
    {
        byte[] secret = keys.ToPem(Key, null);
        try
        {
            return [.. Pem(DeployPart.FullChain), .. secret];
        }
        finally
        {
            Array.Clear(secret, 0, secret.Length);
        }
    }

    public override string ToString() => Certificate.ToString();
}
