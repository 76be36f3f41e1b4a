using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KeyManager.Operations;
using KeyManager.Providers;
using KeyManager.Storage;
using StoreLocation = KeyManager.Storage.StoreLocation;

namespace KeyManager.Bench;

/// <summary>A store that is gone afterwards, with its key file, never the user's.</summary>
internal sealed class TemporaryStore : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("km-bench-").FullName;

    public TemporaryStore()
    {
        StoreLocation location = KeyManagerHost.Locate(Path, null);
        using KeyManagerServices services = KeyManagerHost.Create(
            location, new KeyProtectorRequest(KeyProtectorKind.KeyFile, Path: System.IO.Path.Combine(_folder, "keys", "store.key")), passphrase: null);
    }

    public string Path => System.IO.Path.Combine(_folder, "store.db");

    public KeyManagerServices Open() => KeyManagerHost.Open(KeyManagerHost.Locate(Path, null), createIfMissing: false);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Puts certificates into the inventory through the store's port: real ones, all of one key, their ends spread over 398 days.</summary>
    public void Fill(int count)
    {
        using KeyManagerServices services = Open();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        foreach (int[] batch in Enumerable.Range(0, count).Chunk(2000))
        {
            List<Certificate> certificates = [.. batch.AsParallel().AsOrdered().Select(number => Make(key, number, now))];
            services.Store.Write(session =>
            {
                foreach (Certificate certificate in certificates)
                {
                    session.Certificates.Add(certificate, []);
                }
            });
        }
    }

    public static string NameOf(int number) => FormattableString.Invariant($"host{number:000000}.bench.test");

    private static Certificate Make(ECDsa key, int number, DateTimeOffset now)
    {
        string name = NameOf(number);
        CertificateRequest request = new("CN=" + name, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        byte[] serial = new byte[16];
        serial[0] = 0x40;
        BitConverter.TryWriteBytes(serial.AsSpan(12), IPAddress.HostToNetworkOrder(number));
        DateTimeOffset end = now.AddMinutes((number * 7919L) % (398 * 24 * 60));
        X509SignatureGenerator signer = X509SignatureGenerator.CreateForECDsa(key);
        using X509Certificate2 made = request.Create(request.SubjectName, signer, end.AddDays(-398), end, serial);
        return new Certificate
        {
            Id = Identifier.New(),
            LineageId = Identifier.New(),
            Name = name,
            Version = 1,
            IsCurrent = true,
            Status = CertificateStatus.Valid,
            DomainNames = [DomainName.Parse(name)],
            Subject = made.Subject,
            Issuer = made.Issuer,
            SerialNumber = made.SerialNumber,
            Thumbprint = made.Thumbprint,
            Sha256Thumbprint = made.GetCertHashString(HashAlgorithmName.SHA256),
            NotBefore = made.NotBefore,
            NotAfter = made.NotAfter,
            KeyDescription = "ECDSA P-256",
            SignatureAlgorithm = "SHA256withECDSA",
            CreatedAt = now,
            SavedAt = now,
            RawData = made.RawData,
        };
    }
}
