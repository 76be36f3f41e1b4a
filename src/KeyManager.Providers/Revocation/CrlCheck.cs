using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.Providers.Networking;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using Org.BouncyCastle.X509.Extension;

namespace KeyManager.Providers.Revocation;

/// <summary>Looks a certificate up in the revocation list that it names. A list is fetched once for all its certificates, and believed when the issuer has signed it and it has not ended.</summary>
internal sealed class CrlCheck(Clock clock) : IRevocationCheck, IDisposable
{
    private const string Name = "The revocation list";

    /// <summary>A list is fetched again after that, or when it ends.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(6);

    private readonly HttpChannel _channel = new(Name, null, null);
    private readonly ConcurrentDictionary<string, Lazy<Task<FetchedList>>> _lists = new();

    public async Task<(DateTimeOffset At, RevocationReason Reason)?> FindAsync(Certificate certificate, IReadOnlyList<byte[]> chain, IReporter reporter, CancellationToken cancellationToken)
    {
        try
        {
            X509Certificate own = new X509CertificateParser().ReadCertificate(certificate.RawData);
            if (chain.Count == 0 || Address(own) is not Uri url)
            {
                return null;
            }

            X509Crl list = await GetAsync(url, cancellationToken).ConfigureAwait(false);
            X509Certificate issuer = new X509CertificateParser().ReadCertificate(chain[0]);
            list.Verify(issuer.GetPublicKey());
            if (!list.IssuerDN.Equivalent(own.IssuerDN) || (list.NextUpdate is { } end && end.Value.ToUniversalTime() < clock.UtcNow.UtcDateTime))
            {
                reporter.Verbose($"The revocation list {url} has ended or is of another issuer; it counts for nothing.");
                return null;
            }

            X509CrlEntry? entry = list.GetRevokedCertificate(own.SerialNumber);
            return entry is null ? null : (new DateTimeOffset(DateTime.SpecifyKind(entry.RevocationDate.ToUniversalTime(), DateTimeKind.Utc)), Reason(entry));
        }
        catch (KeyManagerException error)
        {
            reporter.Verbose($"Whether {certificate} was revoked could not be looked up: {error.Message}");
        }
        catch (Exception error) when (error is GeneralSecurityException or CryptoException or ArgumentException or System.IO.IOException or FormatException or InvalidOperationException)
        {
            reporter.Verbose($"The revocation list of {certificate} cannot be believed: {error.Message}");
        }

        return null;
    }

    public void Dispose() => _channel.Dispose();

    private async Task<X509Crl> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        string key = url.AbsoluteUri;
        Lazy<Task<FetchedList>> entry = _lists.GetOrAdd(key, _ => new Lazy<Task<FetchedList>>(() => FetchAsync(url, cancellationToken)));
        try
        {
            FetchedList fetched = await entry.Value.ConfigureAwait(false);
            if (clock.UtcNow < fetched.Until)
            {
                return fetched.List;
            }
        }
        catch
        {
            _lists.TryRemove(key, out _);
            throw;
        }

        _lists.TryRemove(key, out _);
        return (await _lists.GetOrAdd(key, _ => new Lazy<Task<FetchedList>>(() => FetchAsync(url, cancellationToken))).Value.ConfigureAwait(false)).List;
    }

    private async Task<FetchedList> FetchAsync(Uri url, CancellationToken cancellationToken)
    {
        HttpAnswer answer = await _channel.SendAsync(new HttpQuestion(HttpMethod.Get, url), cancellationToken).ConfigureAwait(false);
        X509Crl? list = answer.IsSuccess ? new X509CrlParser().ReadCrl(answer.Body) : null;
        return list is null
            ? throw new TransportException(ErrorIds.AuthorityUnreachable, $"{Name} {url} could not be had: HTTP {answer.Status}.") { Target = url, IsTransient = true }
            : new FetchedList(list, clock.UtcNow + Kept);
    }

    /// <summary>The first http address among the distribution points (RFC 5280 §4.2.1.13).</summary>
    private static Uri? Address(X509Certificate certificate)
    {
        if (certificate.GetExtensionValue(X509Extensions.CrlDistributionPoints) is not Asn1OctetString value)
        {
            return null;
        }

        return CrlDistPoint.GetInstance(X509ExtensionUtilities.FromExtensionValue(value)).GetDistributionPoints()
            .Select(p => p.DistributionPointName)
            .Where(n => n is not null && n.PointType == DistributionPointName.FullName)
            .SelectMany(n => GeneralNames.GetInstance(n!.Name).GetNames())
            .Where(n => n.TagNo == GeneralName.UniformResourceIdentifier)
            .Select(n => Uri.TryCreate(n.Name.ToString() ?? "", UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" ? url : null)
            .FirstOrDefault(u => u is not null);
    }

    private static RevocationReason Reason(X509CrlEntry entry)
    {
        if (entry.GetExtensionValue(X509Extensions.ReasonCode) is not Asn1OctetString value)
        {
            return RevocationReason.Unspecified;
        }

        int code = DerEnumerated.GetInstance(X509ExtensionUtilities.FromExtensionValue(value)).IntValueExact;
        return Enum.IsDefined(typeof(RevocationReason), code) ? (RevocationReason)code : RevocationReason.Unspecified;
    }

    private sealed record FetchedList(X509Crl List, DateTimeOffset Until);
}
