using Org.BouncyCastle.Security;

namespace KeyManager.Providers.Keys;

/// <summary>Random bytes for keys, salts and initialisation vectors.</summary>
internal static class SecureRandomness
{
    // BouncyCastle's generator is seeded by the system's and documented as safe for several threads.
    public static SecureRandom Generator { get; } = new();

    public static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        Generator.NextBytes(bytes);
        return bytes;
    }
}
