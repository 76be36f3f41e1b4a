using System;
using System.Collections.Generic;
using System.Linq;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace KeyManager.Providers.Dns.Wire;

/// <summary>A way to sign DNS messages (RFC 8945 §6). Only these exist here; none is ever cut short.</summary>
internal sealed class TsigAlgorithm
{
    private readonly Func<IDigest> _digest;

    // The digests of .NET lack SHA-224, and refuse MD5 on machines under FIPS rules.
    private TsigAlgorithm(string name, string wireName, Func<IDigest> digest, bool isWeak = false)
    {
        Name = name;
        WireName = DnsName.Parse(wireName);
        MacLength = digest().GetDigestSize();
        IsWeak = isWeak;
        _digest = digest;
    }

    public static TsigAlgorithm HmacSha224 { get; } = new("hmac-sha224", "hmac-sha224", () => new Sha224Digest());

    public static TsigAlgorithm HmacSha256 { get; } = new("hmac-sha256", "hmac-sha256", () => new Sha256Digest());

    public static TsigAlgorithm HmacSha384 { get; } = new("hmac-sha384", "hmac-sha384", () => new Sha384Digest());

    public static TsigAlgorithm HmacSha512 { get; } = new("hmac-sha512", "hmac-sha512", () => new Sha512Digest());

    public static TsigAlgorithm HmacSha1 { get; } = new("hmac-sha1", "hmac-sha1", () => new Sha1Digest(), isWeak: true);

    public static TsigAlgorithm HmacMd5 { get; } = new("hmac-md5", "hmac-md5.sig-alg.reg.int", () => new MD5Digest(), isWeak: true);

    /// <summary>The strong ones first.</summary>
    public static IReadOnlyList<TsigAlgorithm> All { get; } = [HmacSha256, HmacSha512, HmacSha384, HmacSha224, HmacSha1, HmacMd5];

    /// <summary>As key files and tools write it.</summary>
    public string Name { get; }

    /// <summary>As it stands in the record.</summary>
    public DnsName WireName { get; }

    /// <summary>Octets of a signature.</summary>
    public int MacLength { get; }

    /// <summary>True for those that RFC 8945 §6 advises against.</summary>
    public bool IsWeak { get; }

    /// <summary>Finds one by any of its usual spellings: "hmac-sha256", "HMAC-SHA256.", "sha256", "hmac-md5.sig-alg.reg.int"; <c>null</c> when there is none.</summary>
    public static TsigAlgorithm? Find(string text)
    {
        string name = text.Trim().TrimEnd('.');
        return All.FirstOrDefault(a => Is(a.Name) || Is(a.WireName.ToString()) || Is(a.Name.Substring("hmac-".Length)));

        bool Is(string spelling) => string.Equals(name, spelling, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The signature of these parts, one after the other.</summary>
    public byte[] Compute(byte[] secret, params byte[][] parts)
    {
        HMac mac = new(_digest());
        mac.Init(new KeyParameter(secret));
        foreach (byte[] part in parts)
        {
            mac.BlockUpdate(part, 0, part.Length);
        }

        byte[] result = new byte[MacLength];
        mac.DoFinal(result, 0);
        return result;
    }

    public override string ToString() => Name;
}
