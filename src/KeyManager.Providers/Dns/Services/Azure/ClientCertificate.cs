using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Keystores;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Signers;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>The key and the certificate by which an app registration is known. Dispose it.</summary>
internal sealed class ClientCertificate : IDisposable
{
    private const int SaltLength = 32;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly KeyPair _key;
    private readonly CertificateContent _certificate;

    private ClientCertificate(KeyPair key, CertificateContent certificate)
    {
        _key = key;
        _certificate = certificate;
    }

    /// <summary>Last moment of its validity.</summary>
    public DateTimeOffset NotAfter => _certificate.NotAfter;

    /// <summary>Reads PKCS#12 or PEM.</summary>
    /// <exception cref="InvalidRequestException">KmFileNotFound; KmInvalidSetting: another form, a wrong password, no key with a certificate, not RSA.</exception>
    public static ClientCertificate Read(string path, string? password)
    {
        IReadOnlyList<KeystoreEntry> entries;
        byte[] file = [];
        try
        {
            file = File.ReadAllBytes(path);
            KeyTools keys = new();
            CertificateTools certificates = new();
            entries = new KeystoreReader([new Pkcs12Format(), new PemFormat(keys, certificates)], keys, certificates).Read(file, password, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException(ErrorIds.FileNotFound, $"The client certificate '{path}' cannot be read: {error.Message}", error)
            {
                Target = path,
                Remedy = $"Name the right file with -{AzureSettings.ClientCertificatePath}.",
            };
        }
        catch (KeyMaterialException error)
        {
            throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The client certificate cannot be used: {error.Message}", error)
            {
                Target = path,
                Remedy = $"Give a PKCS#12 or PEM file with -{AzureSettings.ClientCertificatePath}, and its password with -{AzureSettings.ClientCertificatePassword}.",
            };
        }
        finally
        {
            Array.Clear(file, 0, file.Length);
        }

        KeystoreEntry? own = entries.FirstOrDefault(e => e.Key?.Spec.Algorithm == KeyAlgorithm.Rsa && e.Certificates.Count > 0);
        foreach (KeyPair other in entries.Where(e => e != own).Select(e => e.Key).OfType<KeyPair>())
        {
            other.Dispose();
        }

        return own is not null
            ? new ClientCertificate(own.Key!, new CertificateTools().Parse(own.Certificates[0])) // has a key: looked for above
            : throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The file '{path}' holds no RSA key together with its certificate.")
            {
                Target = path,
                Remedy = "Microsoft Entra ID takes RSA keys only. Put the key and its certificate into one PKCS#12 or PEM file.",
            };
    }

    /// <summary>Makes what is shown in the place of a secret: a JWT, signed with RSASSA-PSS (RFC 7518 §3.5), good for ten minutes and once.</summary>
    /// <param name="clientId">The app registration.</param>
    /// <param name="audience">The endpoint that it is shown to.</param>
    /// <param name="now">From when on it is good.</param>
    public string MakeAssertion(string clientId, Uri audience, DateTimeOffset now)
    {
        JObject header = new() { ["alg"] = "PS256", ["typ"] = "JWT", ["x5t#S256"] = Base64Url.Encode(Hashes.Sha256(_certificate.Der)) };
        JObject claims = new()
        {
            ["aud"] = audience.AbsoluteUri,
            ["iss"] = clientId,
            ["sub"] = clientId,
            ["jti"] = Guid.NewGuid().ToString("D"),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Life).ToUnixTimeSeconds(),
        };
        string signed = $"{Part(header)}.{Part(claims)}";
        byte[] octets = Encoding.ASCII.GetBytes(signed);
        PrivateKey key = PrivateKey.Decode(_key.Pkcs8, isOurs: true);
        try
        {
            PssSigner signer = new(new RsaBlindedEngine(), new Sha256Digest(), SaltLength);
            signer.Init(true, key.Parameters);
            signer.BlockUpdate(octets, 0, octets.Length);
            return $"{signed}.{Base64Url.Encode(signer.GenerateSignature())}";
        }
        finally
        {
            Array.Clear(key.Pkcs8, 0, key.Pkcs8.Length);
        }
    }

    public void Dispose() => _key.Dispose();

    private static string Part(JObject part) => Base64Url.Encode(Encoding.UTF8.GetBytes(part.ToString(Formatting.None)));
}
