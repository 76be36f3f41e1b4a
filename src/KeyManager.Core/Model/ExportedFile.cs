namespace KeyManager;

/// <summary>A file that an export wrote.</summary>
public sealed record ExportedFile
{
    /// <summary>Full path.</summary>
    public required string Path { get; init; }

    /// <summary>What it holds: Certificate, Chain, FullChain, PrivateKey, Pkcs12, Jks, P7b.</summary>
    public required string Content { get; init; }

    /// <summary>True when it holds the private key; only its owner may read it.</summary>
    public required bool IsPrivate { get; init; }

    /// <summary>Name of the entry.</summary>
    public required string Name { get; init; }

    /// <summary>Thumbprint of the certificate.</summary>
    public required string Thumbprint { get; init; }

    public override string ToString() => Path;
}
