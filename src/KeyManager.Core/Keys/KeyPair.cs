using System;

namespace KeyManager;

/// <summary>A private key in the clear, alive only while an operation needs it. Dispose it: the bytes are then overwritten.</summary>
public sealed class KeyPair(KeySpec spec, byte[] pkcs8, byte[] subjectPublicKeyInfo) : IDisposable
{
    /// <summary>Algorithm and length.</summary>
    public KeySpec Spec { get; } = spec;

    /// <summary>The private key as unencrypted PKCS#8 DER (RFC 5208). Never log it, never put it into an output object.</summary>
    public byte[] Pkcs8 { get; } = pkcs8;

    /// <summary>The public key as SubjectPublicKeyInfo DER (RFC 5280 §4.1.2.7); two keys are the same when these bytes are.</summary>
    public byte[] SubjectPublicKeyInfo { get; } = subjectPublicKeyInfo;

    public void Dispose() => Array.Clear(Pkcs8, 0, Pkcs8.Length);

    public override string ToString() => $"{Spec} key pair";
}
