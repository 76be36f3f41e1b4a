using System;
using System.Linq;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns.Services.Rfc2136;

/// <summary>A secret that a name server shares with us, under the name by which it knows it (RFC 8945 §4.2).</summary>
internal sealed class TsigKey
{
    private readonly byte[] _secret;

    private TsigKey(DnsName name, TsigAlgorithm algorithm, byte[] secret)
    {
        Name = name;
        Algorithm = algorithm;
        _secret = secret;
        Signer = new TsigSigner(name, algorithm, secret);
    }

    /// <summary>The name of the key: a domain name, in lower case; it has to be the server's to the last label.</summary>
    public DnsName Name { get; }

    /// <summary>The one algorithm it is for.</summary>
    public TsigAlgorithm Algorithm { get; }

    /// <summary>True when the algorithm is hmac-sha1 or hmac-md5. They work, since some servers have nothing else; who uses the key should be told.</summary>
    public bool IsWeak => Algorithm.IsWeak;

    /// <summary>Signs with it.</summary>
    internal TsigSigner Signer { get; }

    /// <param name="name">A domain name; the final dot may be missing.</param>
    /// <param name="algorithm">"hmac-sha256" and the like, in any usual spelling. There is no default: a weak one is used only when it is named here.</param>
    /// <param name="secret">Any number of octets but none. They are copied.</param>
    /// <exception cref="InvalidRequestException">KmInvalidParameter.</exception>
    public static TsigKey Create(string name, string algorithm, byte[] secret)
    {
        Guard.NotNull(secret);
        DnsName keyName = UpdateNames.Parse(Guard.NotNull(name), "key");
        if (keyName.Labels.Count == 0)
        {
            throw Invalid("A TSIG key has a name.", "Take the name that stands behind the word key in the server's configuration.");
        }

        TsigAlgorithm known = TsigAlgorithm.Find(Guard.NotNull(algorithm)) ?? throw Invalid(
            $"The TSIG key '{keyName}' has the algorithm '{algorithm}', which is not known here.",
            $"Known are {string.Join(", ", TsigAlgorithm.All.Select(a => a.Name))}. Forms that are cut short and gss-tsig are not.");
        return secret.Length > 0
            ? new TsigKey(keyName.Canonical, known, (byte[])secret.Clone())
            : throw Invalid($"The secret of the TSIG key '{keyName}' is empty.", "Make a key with tsig-keygen and give it to the server and to KeyManager.");
    }

    /// <summary>With the secret as key files have it: base64, white space in it does not count.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter.</exception>
    public static TsigKey FromBase64(string name, string algorithm, string secret)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(string.Concat(Guard.NotNull(secret).Where(c => !char.IsWhiteSpace(c))));
        }
        catch (FormatException)
        {
            // The inner message could quote the secret.
            throw Invalid($"The secret of the TSIG key '{name}' is not base64.", "Copy the text between the quotes behind the word secret, whole and nothing else.");
        }

        try
        {
            return Create(name, algorithm, bytes);
        }
        finally
        {
            Array.Clear(bytes, 0, bytes.Length);
        }
    }

    /// <summary>Overwrites the secret. The key cannot be used afterwards.</summary>
    public void Clear() => Array.Clear(_secret, 0, _secret.Length);

    /// <summary>Name and algorithm; never the secret.</summary>
    public override string ToString() => $"{Name} ({Algorithm})";

    private static InvalidRequestException Invalid(string message, string remedy) => new(ErrorIds.InvalidParameter, message) { Remedy = remedy };
}
