using System;
using System.Text;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Challenges;

/// <summary>What is published where, for each kind of challenge.</summary>
internal static class ProofText
{
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>RFC 8555 §8.3; an IPv6 address stands in brackets (RFC 8738 §4).</summary>
    public static string FileUrl(DomainName name, string token) => $"http://{Host(name)}/.well-known/acme-challenge/{token}";

    /// <summary>RFC 8555 §8.4.</summary>
    public static string RecordName(string baseName) => "_acme-challenge." + baseName;

    /// <summary>The value of the record of dns-01 and dns-account-01: the hash of the key authorization.</summary>
    public static string RecordValue(string keyAuthorization) => Base64Url.Encode(Hashes.Sha256(Encoding.ASCII.GetBytes(keyAuthorization)));

    /// <summary>draft-ietf-acme-dns-account-label: below a label made of the account's address.</summary>
    public static string AccountRecordName(string baseName, string accountUrl)
    {
        byte[] hash = Hashes.Sha256(Encoding.UTF8.GetBytes(accountUrl));
        StringBuilder label = new("_", 17);
        for (int bit = 0; bit < 80; bit += 5)
        {
            int pair = (hash[bit / 8] << 8) | hash[(bit / 8) + 1];
            label.Append(Base32[(pair >> (11 - (bit % 8))) & 31]);
        }

        return $"{label}._acme-challenge.{baseName}";
    }

    /// <summary>draft-ietf-acme-dns-persist.</summary>
    public static string PersistentRecordName(string baseName) => "_validation-persist." + baseName;

    /// <summary>draft-ietf-acme-dns-persist-02: the account of a record, tied to its name and to the account's key.</summary>
    /// <param name="baseName">The name in lower case, as A-labels; <c>*</c> for one value that is good below every name.</param>
    /// <param name="thumbprint">Of the account's key (RFC 7638), 43 characters.</param>
    /// <param name="accountUrl">The account.</param>
    public static string PersistentAccountHash(string baseName, string thumbprint, string accountUrl)
    {
        byte[] text = Encoding.ASCII.GetBytes(baseName + thumbprint + accountUrl);
        return Base64Url.Encode(Hashes.Sha256([(byte)baseName.Length, .. text]));
    }

    /// <summary>RFC 8737 §3: host and port that the authority connects to.</summary>
    public static string TlsEndPoint(DomainName name) => Host(name) + ":443";

    private static string Host(DomainName name) =>
        name.Kind == DomainNameKind.IpAddress && name.Ascii.Contains(":") ? $"[{name.Ascii}]" : name.BaseName;
}
