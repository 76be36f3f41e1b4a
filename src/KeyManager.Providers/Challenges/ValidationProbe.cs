using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Challenges;

/// <summary>Looks at challenge files and records the way a certificate authority does. May be used from several threads.</summary>
public sealed class ValidationProbe(Clock clock) : IValidationProbe
{
    private const int MaxRedirects = 10;
    private const int MaxBodyLength = 4096;

    private static readonly TimeSpan HttpTimeLimit = TimeSpan.FromSeconds(10);

    private readonly DnsClient _dns = new(clock);

    /// <inheritdoc/>
    public async Task<string> GetFileAsync(Uri url, string? connectTo, CancellationToken cancellationToken)
    {
        CheckAddress(url, url, anyPort: connectTo is not null);
        IPEndPoint? endPoint = connectTo is null ? null : EndPointText.Parse(connectTo, url.Port);
        try
        {
            return await TimeLimit.RunAsync(clock, HttpTimeLimit, token => GetAsync(url, endPoint, token), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            throw Failed(url, $"the web server did not answer within {HttpTimeLimit.TotalSeconds:0} seconds.", isTransient: true, error);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> GetRecordsAsync(string name, DnsRecordType type, string? resolver, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<IPEndPoint> resolvers = resolver is null ? SystemResolvers.Find() : [EndPointText.Parse(resolver, SystemResolvers.Port)];
            IReadOnlyList<DnsRecord> records = await _dns.ResolveAsync(resolvers, DnsName.Parse(name), ZoneWitness.WireType(type), cancellationToken).ConfigureAwait(false);
            return ZoneWitness.Values(records, type);
        }
        catch (DnsException error)
        {
            throw new ChallengeException(ErrorIds.ChallengeFailed, $"The {ZoneWitness.Word(type)} records of {name} cannot be read: {error.Message}", error)
            {
                Target = name,
                Remedy = error.ResponseCode switch
                {
                    DnsResponseCode.ServFail => "Check that the name servers of the zone answer and, where it is signed, that its signatures (DNSSEC) are valid.",
                    DnsResponseCode.Refused => "Ask a DNS server that answers this machine.",
                    _ => "Check the name, and that the DNS server can be reached from here over UDP and TCP.",
                },
                IsTransient = error.ResponseCode is null or DnsResponseCode.ServFail,
            };
        }
    }

    private static async Task<string> GetAsync(Uri url, IPEndPoint? connectTo, CancellationToken cancellationToken)
    {
        // A client for this one file: nothing is shared, and no connection stays open. The authority knows neither this machine's proxy nor its cookies.
        using HttpClientHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            UseDefaultCredentials = false,

            // RFC 8555 §8.3 starts at http, where nobody has proved anything yet; a certificate met on the way may be expired, or the very one to be replaced.
            ServerCertificateCustomValidationCallback = (_, _, _, _) => true,
        };
        using HttpClient client = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
        Uri current = url;
        for (int hop = 0; hop <= MaxRedirects; hop++)
        {
            using HttpRequestMessage request = Request(current, connectTo);
            using HttpResponseMessage response = await SendAsync(client, request, url, current, cancellationToken).ConfigureAwait(false);
            if (!IsRedirect(response.StatusCode))
            {
                return response.StatusCode == HttpStatusCode.OK
                    ? await ReadBodyAsync(response, url, current, cancellationToken).ConfigureAwait(false)
                    : throw Failed(url, $"{At(url, current)}the web server answered with status {(int)response.StatusCode}.", (int)response.StatusCode >= 500);
            }

            current = Location(response, current) ?? throw Failed(url, $"{At(url, current)}the web server redirects to nowhere (no usable Location header).");
            CheckAddress(url, current, anyPort: connectTo is not null);
        }

        throw Failed(url, $"the web server redirects more than {MaxRedirects} times.");
    }

    // RFC 8555 §8.3: an authority connects to ports 80 and 443 only. Who gives the address to connect to gives the port with it.
    private static void CheckAddress(Uri url, Uri current, bool anyPort)
    {
        if (current.Scheme is not ("http" or "https"))
        {
            throw Failed(url, $"it leads to '{current}', which is neither http nor https.");
        }

        if (!anyPort && current.Port is not (80 or 443))
        {
            throw Failed(url, $"it leads to '{current}'; an authority connects to ports 80 and 443 only.");
        }
    }

    // netstandard2.0 has no way to hand a connection to HttpClient, so the address goes into the URL and the name into the Host header.
    private static HttpRequestMessage Request(Uri url, IPEndPoint? connectTo)
    {
        Uri address = connectTo is null ? url : new UriBuilder(url) { Host = connectTo.Address.ToString(), Port = connectTo.Port, UserName = "", Password = "" }.Uri;
        HttpRequestMessage request = new(HttpMethod.Get, address);
        if (connectTo is not null)
        {
            string host = url.HostNameType == UriHostNameType.IPv6 ? $"[{url.DnsSafeHost}]" : url.IdnHost;
            request.Headers.Host = url.IsDefaultPort ? host : $"{host}:{url.Port}";
        }

        request.Headers.ConnectionClose = true;

        // Some firewalls turn away whoever does not say what he is.
        request.Headers.TryAddWithoutValidation("User-Agent", "KeyManager (validation; RFC 8555)");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        return request;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, Uri url, Uri current, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or WebException or IOException)
        {
            throw Failed(url, $"{At(url, current)}{error.GetBaseException().Message}", isTransient: true, error);
        }
    }

    private static async Task<string> ReadBodyAsync(HttpResponseMessage response, Uri url, Uri current, CancellationToken cancellationToken)
    {
        // The streams of .NET Framework do not listen to the token while they wait.
        using CancellationTokenRegistration giveUp = cancellationToken.Register(response.Dispose);
        byte[] body = new byte[MaxBodyLength];
        int length = 0;
        try
        {
            using Stream stream = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            int read;
            do
            {
                read = await stream.ReadAsync(body, length, body.Length - length, cancellationToken).ConfigureAwait(false);
                length += read;
            }
            while (read > 0 && length < body.Length);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception error) when (error is IOException or HttpRequestException or WebException)
        {
            throw Failed(url, $"{At(url, current)}the connection broke: {error.GetBaseException().Message}", isTransient: true, error);
        }

        return Encoding.UTF8.GetString(body, 0, length).TrimEnd();
    }

    // Not Headers.Location: outside Windows it takes "/path" for a file of this machine.
    private static Uri? Location(HttpResponseMessage response, Uri current) =>
        response.Headers.TryGetValues("Location", out IEnumerable<string>? values) && Uri.TryCreate(current, values.First(), out Uri? location) ? location : null;

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private static string At(Uri url, Uri current) => current == url ? "" : $"redirected to {current}: ";

    private static ChallengeException Failed(Uri url, string cause, bool isTransient = false, Exception? inner = null) =>
        new(ErrorIds.ChallengeFailed, $"{url} cannot be read: {cause}", inner)
        {
            Target = url,
            Remedy = "Check that the name leads to this web server, that port 80 is open to the internet, and that the server hands out files below /.well-known/acme-challenge/ without a login.",
            IsTransient = isTransient,
        };
}
