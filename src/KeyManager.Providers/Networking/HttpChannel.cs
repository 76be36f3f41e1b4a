using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Networking;

/// <summary>
/// HTTP to one service: connections that are kept, a proxy, roots of one's own, no redirects, no cookies, a limit on what is read. What goes wrong is one
/// <see cref="TransportException"/>, which says whether the request can have arrived. May be used from several threads.
/// </summary>
internal sealed class HttpChannel : IDisposable
{
    /// <summary>Longest time for one answer. Some authorities issue while the request for it waits.</summary>
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(100);

    /// <summary>Far more than any answer of a service holds: directories of orders, chains of certificates.</summary>
    private const int LongestBody = 8 * 1024 * 1024;

    private const int ConnectionsPerServer = 32;

    /// <summary>In the place of a proxy's address: none, whatever the system says.</summary>
    public const string NoProxy = "direct:";

    private static readonly string UserAgent = $"KeyManager/{Version()} ({Environment.OSVersion.Platform}; .NET {Environment.Version.Major})";

    private readonly HttpClient _client;
    private readonly string _service;
    private readonly TrustedRoots? _roots;
    private readonly string _unreachableId;
    private readonly string _notTrustedId;
    private readonly TimeSpan _patience;

    /// <param name="service">What to call the service in an error.</param>
    /// <param name="proxy">Address of a proxy; <c>null</c> takes the system's, <see cref="NoProxy"/> none.</param>
    /// <param name="roots">What to trust beside the machine's roots; <c>null</c> for nothing else.</param>
    /// <param name="unreachableId">Error id for no connection and no answer.</param>
    /// <param name="notTrustedId">Error id for a TLS certificate that is not trusted.</param>
    /// <param name="patience">Longest time for one answer; <c>null</c> for 100 seconds.</param>
    public HttpChannel(
        string service, Uri? proxy, TrustedRoots? roots, string unreachableId = ErrorIds.AuthorityUnreachable, string notTrustedId = ErrorIds.AuthorityNotTrusted, TimeSpan? patience = null)
    {
        _patience = patience ?? UsualPatience;
        _service = service;
        _roots = roots;
        _unreachableId = unreachableId;
        _notTrustedId = notTrustedId;
        HttpClientHandler handler = new()
        {
            // A redirect would carry a signed request to where it was not meant for.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            MaxConnectionsPerServer = ConnectionsPerServer,
        };
        if (proxy?.Scheme == "direct")
        {
            handler.UseProxy = false;
        }
        else if (proxy is not null)
        {
            handler.Proxy = new WebProxy(proxy);
            handler.UseProxy = true;
        }

        if (roots is not null)
        {
            handler.ServerCertificateCustomValidationCallback = (_, certificate, chain, errors) => certificate is not null && roots.Accept(certificate, chain, errors);
        }

        _client = new HttpClient(handler) { Timeout = _patience, MaxResponseContentBufferSize = LongestBody };
        _client.DefaultRequestHeaders.ExpectContinue = false;
        _ = _client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", UserAgent);
        _ = _client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", "en");
    }

    /// <summary>What the service is called in an error.</summary>
    public string Service => _service;

    /// <summary>Asks and reads the whole answer, whatever its status.</summary>
    /// <param name="method">GET, POST, ...</param>
    /// <param name="url">Where.</param>
    /// <param name="body">What is sent; <c>null</c> for nothing.</param>
    /// <param name="contentType">What the body is.</param>
    /// <param name="accept">What is wanted; <c>null</c> for anything.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TransportException">The ids that were given: by default KmAuthorityUnreachable, KmAuthorityNotTrusted.</exception>
    public Task<HttpAnswer> SendAsync(HttpMethod method, Uri url, byte[]? body, string? contentType, string? accept, CancellationToken cancellationToken) =>
        SendAsync(new HttpQuestion(method, url) { Body = body, ContentType = contentType, Headers = accept is null ? [] : [("Accept", accept)] }, cancellationToken);

    /// <summary>Asks and reads the whole answer, whatever its status.</summary>
    /// <exception cref="TransportException">The ids that were given: by default KmAuthorityUnreachable, KmAuthorityNotTrusted.</exception>
    public async Task<HttpAnswer> SendAsync(HttpQuestion question, CancellationToken cancellationToken)
    {
        Uri url = question.Url;
        using HttpRequestMessage request = new(question.Method, url);
        if (question.Body is not null)
        {
            request.Content = new ByteArrayContent(question.Body);
            _ = request.Content.Headers.TryAddWithoutValidation("Content-Type", question.ContentType ?? "application/octet-stream");
        }

        foreach ((string name, string value) in question.Headers)
        {
            _ = request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
            byte[] content = response.Content is null ? [] : await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
            return new HttpAnswer(url, (int)response.StatusCode, Headers(response), content);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Problem(url, _unreachableId, $"it gave no answer within {_patience.TotalSeconds:0} seconds", false, null);
        }
        catch (Exception error) when (error is HttpRequestException or WebException or IOException or SocketException or AuthenticationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Explain(url, error);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _roots?.Dispose();
    }

    private TransportException Explain(Uri url, Exception error)
    {
        for (Exception? inner = error; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case AuthenticationException:
                case WebException { Status: WebExceptionStatus.TrustFailure or WebExceptionStatus.SecureChannelFailure }:
                    return Problem(url, _notTrustedId, $"its TLS certificate is not trusted here: {inner.GetBaseException().Message.TrimEnd('.')}", true, error);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery }:
                case WebException { Status: WebExceptionStatus.NameResolutionFailure or WebExceptionStatus.ProxyNameResolutionFailure }:
                    return Problem(url, _unreachableId, $"there is no address for {url.Host}", true, error);
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.AddressNotAvailable } refused:
                    return Problem(url, _unreachableId, refused.Message.TrimEnd('.'), true, error);
                case WebException { Status: WebExceptionStatus.ConnectFailure }:
                    return Problem(url, _unreachableId, "no connection", true, error);
            }
        }

        string cause = error.GetBaseException() is Win32Exception native ? native.Message : error.GetBaseException().Message;
        return Problem(url, _unreachableId, $"the connection broke: {cause.TrimEnd('.')}", false, error);
    }

    private TransportException Problem(Uri url, string errorId, string cause, bool wasNeverSent, Exception? inner) =>
        new(errorId, $"{_service} cannot be reached at {url.GetLeftPart(UriPartial.Path)}: {cause}.", inner)
        {
            Target = url,
            IsTransient = errorId != _notTrustedId,
            WasNeverSent = wasNeverSent,
            Remedy = errorId == _notTrustedId
                ? "Give the root to trust with -TrustedRootPath; or check the clock of this machine, and whether a proxy opens connections."
                : "Check the address, the network and the proxy, then run the command again; nothing is lost.",
        };

    private static Dictionary<string, IReadOnlyList<string>> Headers(HttpResponseMessage response)
    {
        Dictionary<string, IReadOnlyList<string>> headers = new(StringComparer.OrdinalIgnoreCase);
        IEnumerable<KeyValuePair<string, IEnumerable<string>>> content = response.Content is null ? [] : response.Content.Headers;
        foreach (KeyValuePair<string, IEnumerable<string>> header in response.Headers.Concat(content))
        {
            headers[header.Key] = [.. header.Value];
        }

        return headers;
    }

    private static string Version() => typeof(HttpChannel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
