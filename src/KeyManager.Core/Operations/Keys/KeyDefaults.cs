using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>The key and the hash that are meant when a request does not say.</summary>
internal static class KeyDefaults
{
    /// <summary>What was asked for, filled up from the settings of the store. A length that was set belongs to the algorithm that was set.</summary>
    public static KeySpec Choose(ISettingStore settings, KeyAlgorithm? algorithm, int? length)
    {
        int defaultLength = algorithm is null ? StoreSettings.GetNumber(settings, StoreSettings.DefaultKeyLength) : 0;
        return KeySpec.Create(
            algorithm ?? StoreSettings.GetChoice<KeyAlgorithm>(settings, StoreSettings.DefaultKeyAlgorithm),
            length ?? (defaultLength == 0 ? null : defaultLength));
    }

    /// <summary>A hash as strong as the key.</summary>
    public static SignatureHash HashFor(KeySpec spec) => spec switch
    {
        { Algorithm: KeyAlgorithm.Ecdsa, Length: 384 } => SignatureHash.SHA384,
        { Algorithm: KeyAlgorithm.Ecdsa, Length: 521 } => SignatureHash.SHA512,
        _ => SignatureHash.SHA256,
    };
}
