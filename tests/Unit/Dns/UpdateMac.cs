using System;
using System.Linq;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace KeyManager.Tests.Dns;

/// <summary>HMAC by the framework, and where it lacks the hash by hand (RFC 2104): the second opinion about signatures.</summary>
internal static class UpdateMac
{
    public static byte[] Compute(string algorithm, byte[] secret, byte[] data)
    {
        switch (algorithm)
        {
            case "hmac-sha256":
                using (HMACSHA256 mac = new(secret))
                {
                    return mac.ComputeHash(data);
                }

            case "hmac-sha384":
                using (HMACSHA384 mac = new(secret))
                {
                    return mac.ComputeHash(data);
                }

            case "hmac-sha512":
                using (HMACSHA512 mac = new(secret))
                {
                    return mac.ComputeHash(data);
                }

#pragma warning disable CA5350, CA5351 // the weak ones are what is tested
            case "hmac-sha1":
                using (HMACSHA1 mac = new(secret))
                {
                    return mac.ComputeHash(data);
                }

            case "hmac-md5.sig-alg.reg.int":
                using (HMACMD5 mac = new(secret))
                {
                    return mac.ComputeHash(data);
                }
#pragma warning restore CA5350, CA5351

            case "hmac-sha224":
                byte[] key = secret.Length > 64 ? Sha224(secret) : secret;
                key = [.. key, .. new byte[64 - key.Length]];
                byte[] inner = Sha224([.. key.Select(b => (byte)(b ^ 0x36)), .. data]);
                return Sha224([.. key.Select(b => (byte)(b ^ 0x5C)), .. inner]);
            default:
                throw new ArgumentException(algorithm);
        }
    }

    private static byte[] Sha224(byte[] data)
    {
        Sha224Digest digest = new();
        digest.BlockUpdate(data, 0, data.Length);
        byte[] result = new byte[28];
        digest.DoFinal(result, 0);
        return result;
    }
}
