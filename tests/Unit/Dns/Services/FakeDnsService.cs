using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>
/// A DNS service with an HTTP interface on the loopback. Strict: what its documents do not allow (<see cref="ServiceFault"/>) is answered with status 400 and fails the test when the
/// service is disposed. Zones are in <see cref="Zones"/>, which a <see cref="ZoneNameServer"/> can serve to the world.
/// </summary>
internal abstract class FakeDnsService : IDisposable
{
    private readonly LoopbackHttpServer _server;
    private readonly List<HttpCall> _calls = [];
    private readonly List<string> _faults = [];
    private readonly Queue<Func<HttpCall, HttpAnswer>> _before = new();

    protected FakeDnsService() => _server = new LoopbackHttpServer(Serve);

    public ServedZones Zones { get; } = new();

    /// <summary>Where it is, with a slash at the end.</summary>
    public Uri Url => new($"http://{_server.Authority}/");

    /// <summary>What came, in order.</summary>
    public IReadOnlyList<HttpCall> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>What the client did wrong.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_calls)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>A zone, with what the service puts into it by itself.</summary>
    public virtual void AddZone(string zone) => Zones.AddZone(zone);

    /// <summary>The next requests are answered so, whatever they are.</summary>
    public void Next(int times, Func<HttpCall, HttpAnswer> answer)
    {
        lock (_calls)
        {
            for (int i = 0; i < times; i++)
            {
                _before.Enqueue(answer);
            }
        }
    }

    /// <summary>The next requests are told to come later, in the service's own way.</summary>
    public virtual void Throttle(int times) => Next(times, _ => new HttpAnswer(429).With("Retry-After", "2"));

    public void Dispose()
    {
        _server.Dispose();
        if (Faults.Count > 0)
        {
            throw new InvalidOperationException($"{GetType().Name} complains: {string.Join("; ", Faults)}");
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Answers as the documents say.</summary>
    /// <exception cref="ServiceFault">The request is not as they say.</exception>
    protected abstract HttpAnswer Answer(HttpCall call);

    private HttpAnswer Serve(HttpCall call)
    {
        Func<HttpCall, HttpAnswer>? before;
        lock (_calls)
        {
            _calls.Add(call);
            before = _before.Count > 0 ? _before.Dequeue() : null;
        }

        if (before is not null)
        {
            return before(call);
        }

        try
        {
            return Answer(call);
        }
        catch (Exception error) when (error is ServiceFault or FormatException or KeyNotFoundException or ArgumentException or InvalidCastException or ServerProblem)
        {
            lock (_calls)
            {
                _faults.Add($"{call.Method} {call.Target}: {error.Message}");
            }

            return new HttpAnswer(400).With("Content-Type", "text/plain").WithBody(error.Message);
        }
    }
}
