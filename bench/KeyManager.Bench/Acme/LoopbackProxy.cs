using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Bench.Acme;

/// <summary>
/// Stands in front of a Pebble on the loopback, over plain HTTP: counts what passes, and takes its time over each request. Pebble is told whom it is for, so
/// that its addresses lead through here as well.
/// </summary>
internal sealed class LoopbackProxy : IDisposable
{
    private static readonly string[] Passed = ["User-Agent", "Accept", "Accept-Language"];

    private readonly HttpClient _pebble;
    private readonly Uri _target;
    private readonly LoopbackHttpServer _server;
    private int _count;

    public LoopbackProxy(PebbleServer pebble)
    {
        _pebble = pebble.NewClient();
        _pebble.DefaultRequestHeaders.Clear();
        _target = pebble.DirectoryUrl;
        _server = new LoopbackHttpServer(Forward);
    }

    public Uri DirectoryUrl => new($"http://{_server.Authority}{_target.AbsolutePath}");

    /// <summary>Requests so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How long each request is held.</summary>
    public TimeSpan Delay { get; set; }

    public void Dispose()
    {
        _server.Dispose();
        _pebble.Dispose();
    }

    private HttpAnswer Forward(HttpCall call)
    {
        Interlocked.Increment(ref _count);
        if (Delay > TimeSpan.Zero)
        {
            Thread.Sleep(Delay);
        }

        using HttpRequestMessage request = new(new HttpMethod(call.Method), new Uri(_target, call.Target));
        request.Headers.Host = _server.Authority;
        request.Headers.Add("X-Forwarded-Proto", "http");
        foreach (string name in Passed)
        {
            request.Headers.TryAddWithoutValidation(name, call.Field(name));
        }

        if (call.Method == "POST")
        {
            request.Content = new ByteArrayContent(call.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.Field("Content-Type"));
        }

        using HttpResponseMessage response = _pebble.Send(request);
        HttpAnswer answer = new((int)response.StatusCode);
        foreach (KeyValuePair<string, IEnumerable<string>> header in response.Headers.Concat(response.Content.Headers).Where(h => h.Key is not ("Content-Length" or "Transfer-Encoding" or "Connection")))
        {
            foreach (string value in header.Value)
            {
                answer.With(header.Key, value);
            }
        }

        using System.IO.StreamReader body = new(response.Content.ReadAsStream(), Encoding.UTF8);
        return answer.WithBody(body.ReadToEnd());
    }
}
