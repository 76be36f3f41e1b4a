using System;
using System.Diagnostics;
using System.Formats.Asn1;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Data.Sqlite;

namespace KeyManager.Bench.Acme;

/// <summary>
/// The least that a client does beside asking, if it loses nothing and keeps nothing in the clear: it opens the key of the account, publishes the proof and takes it away, has key and order on the
/// disk before the request for the certificate, looks whether that was signed by the one that came with it, and has it on the disk before it ends. Nothing is searched, checked or told besides.
/// </summary>
internal sealed class BareDuties : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("km-bench-").FullName;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly AesGcm _storeKey = new(RandomNumberGenerator.GetBytes(32), 16);
    private readonly byte[] _nonce = new byte[12];
    private readonly byte[] _tag = new byte[16];
    private readonly byte[] _sealedKey;

    public BareDuties()
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder, "bare.db"), Pooling = false }.ConnectionString);
        _connection.Open();
        using SqliteCommand create = _connection.CreateCommand();
        create.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (document BLOB);";
        _ = create.ExecuteNonQuery();
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO bare (document) VALUES (@document)";
        _ = _insert.Parameters.AddWithValue("@document", new byte[2000]);
        using ECDsa account = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] key = account.ExportPkcs8PrivateKey();
        _sealedKey = new byte[key.Length];
        _storeKey.Encrypt(_nonce, key, _sealedKey, _tag);
    }

    /// <summary>How long it takes to have two small rows on the disk, one after the other.</summary>
    public TimeSpan WaitForDisk()
    {
        Stopwatch watch = Stopwatch.StartNew();
        _ = _insert.ExecuteNonQuery();
        _ = _insert.ExecuteNonQuery();
        return watch.Elapsed;
    }

    /// <summary>How long the rest takes.</summary>
    /// <param name="chain">The certificate and the one that signed it, as PEM.</param>
    public TimeSpan DoRest(string chain)
    {
        Stopwatch watch = Stopwatch.StartNew();
        OpenKey();
        Prove();
        Check(chain);
        return watch.Elapsed;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
        _storeKey.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Check(string chain)
    {
        X509Certificate2Collection certificates = [];
        certificates.ImportFromPem(chain);
        AsnReader parts = new AsnReader(certificates[0].RawDataMemory, AsnEncodingRules.DER).ReadSequence();
        ReadOnlyMemory<byte> signed = parts.ReadEncodedValue();
        _ = parts.ReadEncodedValue();
        byte[] signature = parts.ReadBitString(out _);
        using ECDsa? curve = certificates[1].GetECDsaPublicKey();
        using RSA? rsa = certificates[1].GetRSAPublicKey();
        bool isGood = curve?.VerifyData(signed.Span, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            ?? rsa?.VerifyData(signed.Span, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ?? false;
        if (!isGood)
        {
            throw new InvalidOperationException("The certificate was signed by somebody else.");
        }

        foreach (X509Certificate2 certificate in certificates)
        {
            certificate.Dispose();
        }
    }

    private void OpenKey()
    {
        byte[] key = new byte[_sealedKey.Length];
        _storeKey.Decrypt(_nonce, _sealedKey, _tag, key);
        using ECDsa account = ECDsa.Create();
        account.ImportPkcs8PrivateKey(key, out _);
    }

    private void Prove()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, ".well-known", "acme-challenge")).FullName;
        string file = Path.Combine(folder, "token");
        File.WriteAllText(file, "token.thumbprint", Encoding.ASCII);
        File.Delete(file);
    }
}
