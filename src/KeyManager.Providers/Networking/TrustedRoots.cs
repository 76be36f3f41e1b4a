using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Networking;

/// <summary>Roots that a user trusts for one service beside those of the machine. Names and dates are checked as ever.</summary>
internal sealed class TrustedRoots : IDisposable
{
    private readonly List<X509Certificate2> _roots;

    private TrustedRoots(List<X509Certificate2> roots) => _roots = roots;

    /// <summary>Reads a file of PEM or DER certificates.</summary>
    /// <exception cref="InvalidRequestException">KmFileNotFound, KmInvalidParameter.</exception>
    public static TrustedRoots Read(string path)
    {
        try
        {
            return new TrustedRoots([.. new CertificateTools().ReadAll(File.ReadAllBytes(path), path).Select(c => new X509Certificate2(c.Der))]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException(ErrorIds.FileNotFound, $"The trusted root '{path}' cannot be read: {error.Message}", error)
            {
                Target = path,
                Remedy = "Set-KmAccount -TrustedRootPath names another file.",
            };
        }
        catch (CryptographicException error)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"The trusted root '{path}' is not a certificate that this machine can use: {error.Message}", error) { Target = path };
        }
    }

    /// <summary>Whether a server is to be trusted.</summary>
    /// <param name="certificate">Its certificate.</param>
    /// <param name="sent">What came with it.</param>
    /// <param name="errors">What the machine has against it.</param>
    public bool Accept(X509Certificate2 certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (errors != SslPolicyErrors.RemoteCertificateChainErrors)
        {
            return false;
        }

        using X509Chain chain = new();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.ExtraStore.AddRange(_roots.ToArray());
        if (sent is not null)
        {
            // Authorities between the server's certificate and the root.
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainElements.Cast<X509ChainElement>().Select(e => e.Certificate).ToArray());
        }

        if (!chain.Build(certificate) || chain.ChainElements.Count == 0)
        {
            return false;
        }

        // An unknown authority was allowed above; here it has to be one of these.
        byte[] top = chain.ChainElements[chain.ChainElements.Count - 1].Certificate.RawData;
        return _roots.Any(r => Hashes.AreEqual(r.RawData, top));
    }

    public void Dispose() => _roots.ForEach(r => r.Dispose());
}
