using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using KeyManager.Authorities;

namespace KeyManager.Providers.Authorities;

/// <summary>Finds the certificate of an order among the files that a service hands out: they come in any order and with any names.</summary>
internal sealed class CertificateFiles(string title, ICertificateTools certificates, ICertificateRequestTools requests)
{
    /// <param name="files">The files with their names; what holds no PEM is passed over.</param>
    /// <param name="csr">The request of the order; <c>null</c> when it is not known.</param>
    /// <param name="replacedSerial">Serial number of the certificate that another one replaces; <c>null</c> for a first one.</param>
    /// <param name="what">What to call the order in an error.</param>
    /// <exception cref="AuthorityException">KmCertificateNotReady: nothing was handed out, or only what is being replaced.</exception>
    public IssuedCertificate Read(IEnumerable<(string Name, string? Content)> files, byte[]? csr, string? replacedSerial, string what)
    {
        List<CertificateContent> all = [];
        foreach ((string name, string? content) in files)
        {
            if (content is not null && content.IndexOf("-----BEGIN", StringComparison.Ordinal) >= 0)
            {
                all.AddRange(certificates.ReadAll(Encoding.UTF8.GetBytes(content), name));
            }
        }

        List<CertificateContent> leaves = [.. all.Where(c => !c.IsAuthority && !Same(c.SerialNumber, replacedSerial)).OrderByDescending(c => c.NotBefore)];
        if (leaves.Count == 0)
        {
            throw NotReady($"{title} says that {what} is issued, and does not hand out its {(replacedSerial is null ? "" : "new ")}certificate yet.");
        }

        byte[]? key = csr is null ? null : requests.ReadStored(csr, what).SubjectPublicKeyInfo;
        CertificateContent leaf = leaves.Find(c => key is not null && Enumerable.SequenceEqual(c.SubjectPublicKeyInfo, key)) ?? leaves[0];
        return new IssuedCertificate(leaf.Der, [.. all.Where(c => c.IsAuthority).Select(c => c.Der)]);
    }

    /// <summary>It is announced, and has to be asked for again.</summary>
    public static AuthorityException NotReady(string message) => new(ErrorIds.CertificateNotReady, message) { IsTransient = true, Remedy = "Ask again later: Sync-KmCertificateOrder." };

    private static bool Same(string serial, string? other) => other is not null && string.Equals(serial.TrimStart('0'), other.TrimStart('0'), StringComparison.OrdinalIgnoreCase);
}
