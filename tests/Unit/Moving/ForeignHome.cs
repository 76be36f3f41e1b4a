using System;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Moving;
using KeyManager.Providers.Keys;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Moving;

/// <summary>A folder as another program leaves it.</summary>
public sealed class ForeignHome : IDisposable
{
    public static readonly CertificateTools Certificates = new();
    public static readonly KeyTools Keys = new();

    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public string File(string name) => _folder.File(name);

    public ForeignHome Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public ForeignHome Write(string name, byte[] data)
    {
        string path = File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, data);
        return this;
    }

    public void Delete(string name) => System.IO.File.Delete(File(name));

    public void Dispose() => _folder.Dispose();

    /// <summary>The key as programs with OpenSSL write it.</summary>
    public static byte[] Key(KeystoreEntry entry) => Keys.ToPem(entry.Key!, null);

    public static byte[] Leaf(KeystoreEntry entry) => Certificates.ToPem([entry.Certificates[0]]);

    public static byte[] Above(KeystoreEntry entry) => Certificates.ToPem([entry.Certificates[1]]);

    public static byte[] Full(KeystoreEntry entry) => Certificates.ToPem(entry.Certificates.Take(2));

    /// <summary>What Import-KmCertificate would make of it.</summary>
    public static KeystoreEntry Import(ForeignCertificate certificate)
    {
        IKeystoreFormat format = certificate.Password is null
            ? new KeyManager.Providers.Keystores.PemFormat(Keys, Certificates)
            : new KeyManager.Providers.Keystores.Pkcs12Format();
        return Assert.Single(format.Read(certificate.Data, certificate.Password, certificate.Name));
    }

    /// <summary>No remark and no text of an object may hold one of these.</summary>
    public static void AssertHidden(ForeignState state, params string[] secrets)
    {
        string said = string.Join(
            "\n",
            state.Remarks.Select(r => r.ToString())
                .Concat(state.Accounts.Select(a => a.ToString()))
                .Concat(state.Certificates.Select(c => $"{c} {c.Renewal} {c.Renewal?.DnsAccount} {c.Renewal?.ProofByHand}"))
                .Concat(state.Certificates.SelectMany(c => c.Renewal?.Hooks ?? []).Select(h => h.ToString())));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, said));
    }
}
