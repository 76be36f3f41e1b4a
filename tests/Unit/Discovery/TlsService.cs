using System;
using System.Linq;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;

namespace KeyManager.Tests.Discovery;

/// <summary>A TLS service on the loopback whose certificate can be exchanged.</summary>
internal sealed class TlsService : IDisposable
{
    private readonly RawService _service;
    private X509Certificate2 _certificate;

    public TlsService(KeystoreEntry entry)
    {
        _certificate = Load(entry);
        _service = new RawService(async stream =>
        {
            using SslStream tls = new(stream);
            try
            {
                await tls.AuthenticateAsServerAsync(_certificate, false, SslProtocols.None, false);
            }
            catch (AuthenticationException)
            {
                // Who only looks goes away in the middle.
            }
        });
    }

    public int Port => _service.Port;

    public string Place => _service.Place;

    public void Serve(KeystoreEntry entry) => _certificate = Load(entry);

    public void Dispose() => _service.Dispose();

    private static X509Certificate2 Load(KeystoreEntry entry)
    {
        byte[] pfx = new Pkcs12Format().Write([entry with { Certificates = [.. entry.Certificates.Take(1)] }], new KeystoreOptions { Password = "x", Pkcs12Protection = Pkcs12Protection.Legacy });
        return X509CertificateLoader.LoadPkcs12(pfx, "x");
    }
}
