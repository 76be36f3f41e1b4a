using System.Security.Cryptography.X509Certificates;

namespace KeyManager.Providers.Challenges.Listening;

/// <summary>What a listener hands out for one challenge.</summary>
internal abstract record ListenerProof;

/// <summary>A file.</summary>
/// <param name="Path">Its path, as it stands in the request.</param>
/// <param name="Content">What is in it.</param>
internal sealed record FileProof(string Path, byte[] Content) : ListenerProof;

/// <summary>A certificate.</summary>
/// <param name="ServerName">The name that the client asks for (SNI), lower case.</param>
/// <param name="Certificate">With its private key.</param>
internal sealed record CertificateProof(string ServerName, X509Certificate2 Certificate) : ListenerProof;
