namespace KeyManager.Deployments;

/// <summary>What a file on a target holds.</summary>
public enum DeployPart
{
    /// <summary>The certificate, PEM.</summary>
    Certificate,

    /// <summary>The certificates above it without the root, PEM.</summary>
    Chain,

    /// <summary>The certificate and those above it without the root, PEM.</summary>
    FullChain,

    /// <summary>The private key, PEM.</summary>
    Key,

    /// <summary>Full chain and key in one file, PEM.</summary>
    Combined,

    /// <summary>Key and chain in a keystore with a password; other entries of one that is there stay.</summary>
    Keystore,
}
