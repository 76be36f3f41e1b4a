using System.Collections.Generic;

namespace KeyManager.Deployments;

/// <summary>What an endpoint showed in a TLS handshake.</summary>
/// <param name="Certificate">The certificate, DER.</param>
/// <param name="Chain">The other certificates that it sent, DER.</param>
/// <param name="TlsVersion">Version of the protocol, for people.</param>
public sealed record ServedCertificate(byte[] Certificate, IReadOnlyList<byte[]> Chain, string TlsVersion)
{
    /// <summary>True when the handshake ended there, because the service wants a certificate of its visitors.</summary>
    public bool WantsClientCertificate { get; init; }
}
