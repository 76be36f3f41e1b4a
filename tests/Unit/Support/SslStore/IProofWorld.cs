using System.Collections.Generic;

namespace KeyManager.Tests.Support.SslStore;

/// <summary>What an authority that looks for proofs can see.</summary>
internal interface IProofWorld
{
    /// <summary>The octets of a file; null when there is none.</summary>
    byte[]? Fetch(string url);

    /// <summary>Where the CNAME record of a name leads; null when there is none.</summary>
    string? Alias(string name);

    /// <summary>The TXT values of a name.</summary>
    IReadOnlyList<string> Texts(string name);
}
