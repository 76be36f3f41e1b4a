using System.Linq;
using KeyManager.Authorities;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.SslStore;

/// <summary>Finds the certificate of an order among the files that order/download hands out.</summary>
internal sealed class SslStoreCertificates(ICertificateTools certificates, ICertificateRequestTools requests)
{
    private readonly CertificateFiles _files = new(SslStoreErrors.Title, certificates, requests);

    /// <param name="answer">order/download.</param>
    /// <param name="csr">The request of the order; <c>null</c> when it is not known.</param>
    /// <param name="replacedSerial">Serial number of the certificate that another one replaces; <c>null</c> for a first one.</param>
    /// <param name="what">What to call the order in an error.</param>
    /// <exception cref="AuthorityException">KmCertificateNotReady: nothing was handed out, or only what is being replaced.</exception>
    public IssuedCertificate Read(JObject answer, byte[]? csr, string? replacedSerial, string what) =>
        _files.Read(answer.Objects("Certificates").Select(f => (f.Text("FileName") ?? "a certificate of " + what, f.Text("FileContent"))), csr, replacedSerial, what);
}
