using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.PowerShell;

/// <summary>What -Passphrase and -KeyFilePath mean for a file that gets protectors of its own.</summary>
internal static class Protectors
{
    /// <summary>The protectors that were asked for; empty for none.</summary>
    public static IReadOnlyList<KeyProtectorRequest> Of(SecretText? passphrase, string? keyFilePath)
    {
        List<KeyProtectorRequest> asked = [];
        if (passphrase is not null)
        {
            asked.Add(new KeyProtectorRequest(KeyProtectorKind.Passphrase, Passphrase: passphrase.Utf8));
        }

        if (keyFilePath is not null)
        {
            asked.Add(new KeyProtectorRequest(KeyProtectorKind.KeyFile, Path: keyFilePath));
        }

        return asked;
    }
}
