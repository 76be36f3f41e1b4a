using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>Secrets in memory.</summary>
public static class SecretValues
{
    /// <summary>Overwrites them with zeros; whoever took them in the clear does that when he has done with them.</summary>
    public static void Overwrite(IEnumerable<byte[]> secrets)
    {
        foreach (byte[] secret in Guard.NotNull(secrets))
        {
            Array.Clear(secret, 0, secret.Length);
        }
    }
}
