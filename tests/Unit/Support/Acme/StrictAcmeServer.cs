using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace KeyManager.Tests.Support.Acme;

/// <summary>
/// An ACME server in this process, on a port of the loopback, that lets no inaccuracy pass: RFC 8555, RFC 8738 (addresses), RFC 9773 (renewal
/// information) and draft-aaron-acme-profiles. What breaks a rule is refused and written down in <see cref="Violations"/>; what is merely not
/// to be had is refused only. It issues real certificates, and fails on order. Safe for several threads; requests are worked on one by one.
/// </summary>
public sealed class StrictAcmeServer : IDisposable
{
    private readonly object _gate = new();
    private readonly List<string> _violations = [];
    private readonly List<ServedRequest> _requests = [];
    private readonly Clock _clock;
    private readonly LoopbackHttpServer _http;
    private readonly ServerContext _context;
    private readonly RequestReader _reader;
    private readonly DirectoryResource _directory;
    private readonly AccountResources _accounts;
    private readonly AuthorizationResources _authorizations;
    private readonly RenewalResources _renewals;
    private readonly OrderResources _orders;
    private readonly CertificateResources _certificates;

    /// <param name="clock">Sets the dates of certificates, the end of orders, Retry-After and Date; the machine's when null.</param>
    public StrictAcmeServer(Clock? clock = null)
    {
        _clock = clock ?? Clock.System;

        // Held until all is there: a request may come as soon as the port is open.
        lock (_gate)
        {
            _http = new LoopbackHttpServer(Answer);
            _context = new ServerContext(_clock, "http://" + _http.Authority);
            _reader = new RequestReader(_context);
            _directory = new DirectoryResource(_context);
            _accounts = new AccountResources(_context);
            _authorizations = new AuthorizationResources(_context);
            _renewals = new RenewalResources(_context);
            _orders = new OrderResources(_context, _authorizations, _renewals);
            _certificates = new CertificateResources(_context);
        }
    }

    public Uri Directory => new(_context.Url(Paths.Directory));

    /// <summary>What the authority allows; replace it before the first request or change its properties at any time.</summary>
    public ServerPolicy Policy
    {
        get => _context.Policy;
        set => _context.Policy = value;
    }

    public ServerPace Pace => _context.Pace;

    public ServerFaults Faults => _context.Faults;

    public ServerOddities Oddities => _context.Oddities;

    /// <summary>
    /// Decides a challenge: null when it is met, else what is wrong. "dns: ..." and the like give the error that type, otherwise it is
    /// "unauthorized". At first everything is met. Runs while the server answers; do not call the server from it.
    /// </summary>
    public Func<AcmeValidation, string?> Validate
    {
        get => _context.Validate;
        set => _context.Validate = value;
    }

    /// <summary>Every rule that a request broke, in order. A correct client leaves it empty.</summary>
    public IReadOnlyList<string> Violations => Locked(() => _violations.ToArray());

    /// <summary>Every request that came, in order.</summary>
    public IReadOnlyList<ServedRequest> Requests => Locked(() => _requests.ToArray());

    public IReadOnlyList<ServedAccount> Accounts => Locked(() => _context.Accounts.ToArray());

    public IReadOnlyList<ServedOrder> Orders => Locked(() => _context.Orders.ToArray());

    public IReadOnlyList<ServedAuthorization> Authorizations => Locked(() => _context.Authorizations.ToArray());

    public IReadOnlyList<ServedCertificate> Certificates => Locked(() => _context.Certificates.ToArray());

    /// <summary>The two roots as DER: of the chain that comes first and of the alternate one.</summary>
    public IReadOnlyList<byte[]> Roots => _context.Issuer.Roots;

    /// <summary>The certificate of the issuing key under each of <see cref="Roots"/>, as DER.</summary>
    public IReadOnlyList<byte[]> Intermediates => _context.Issuer.Intermediates;

    /// <summary>How many requests came for a resource; <see cref="AcmeResource.Any"/> for all.</summary>
    public int CountOf(AcmeResource resource) => Locked(() => _requests.Count(request => resource == AcmeResource.Any || request.Resource == resource));

    /// <summary>Forgets the nonces given out and not yet used, as a restart does; they are refused then, which is no violation.</summary>
    public void ForgetNonces() => Locked(() =>
    {
        _context.Nonces.Forget();
        return true;
    });

    public void Dispose() => _http.Dispose();

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private HttpAnswer Answer(HttpCall call)
    {
        lock (_gate)
        {
            (AcmeResource resource, string rest) = Paths.Read(call.Target);
            HttpAnswer answer = Answer(call, resource, rest);
            int status = answer.Cut == ConnectionCut.BeforeAnswer ? 0 : answer.Status;
            _requests.Add(new ServedRequest(call.Method, call.Target, resource, call.Field("User-Agent") ?? "", status));
            return answer;
        }
    }

    private HttpAnswer Answer(HttpCall call, AcmeResource resource, string rest)
    {
        ServerFaults.Fault? fault = _context.Faults.Take(resource);
        HttpAnswer answer;
        if (fault is { IsAfterProcessing: false, Answer: not null })
        {
            answer = fault.Answer(_context);
        }
        else
        {
            answer = Process(call, resource, rest);
            answer = fault?.Answer?.Invoke(_context) ?? answer;
            answer.Cut = fault?.Cut ?? ConnectionCut.None;
        }

        if (answer.Cut != ConnectionCut.None)
        {
            _context.Nonces.ExcuseLast();
        }

        return Complete(call, resource, answer);
    }

    private HttpAnswer Complete(HttpCall call, AcmeResource resource, HttpAnswer answer)
    {
        bool isProblemWithoutNonce = answer.Status >= 400 && _context.Oddities.NoNonceInErrors;
        bool isForeign = answer.Fields.Any(field => field.Value == "text/html") || answer.Status == 307;
        if (call.Method == "POST" && !isProblemWithoutNonce && !isForeign)
        {
            answer.With("Replay-Nonce", _context.Nonces.Issue());
        }

        if (resource != AcmeResource.Directory)
        {
            answer.With("Link", $"<{_context.Url(Paths.Directory)}>;rel=\"index\"");
        }

        DateTimeOffset date = _clock.UtcNow + _context.Oddities.DateSkew;
        return answer.With("Date", date.UtcDateTime.ToString("R", CultureInfo.InvariantCulture));
    }

    private HttpAnswer Process(HttpCall call, AcmeResource resource, string rest)
    {
        try
        {
            RequireManners(call);
            return resource switch
            {
                AcmeResource.Any => throw Stray(call),
                AcmeResource.Directory when call.Method == "GET" => _directory.Get(),
                AcmeResource.NewNonce when call.Method is "GET" or "HEAD" => _directory.NewNonce(call.Method),
                AcmeResource.RenewalInfo when call.Method == "GET" && Policy.ServesRenewalInfo => _renewals.Get(rest),
                _ when call.Method != "POST" || resource is AcmeResource.NewNonce or AcmeResource.RenewalInfo =>
                    throw ServerProblem.Violation("malformed", $"{call.Method} is not for {call.Target}.", 405),
                _ => Process(resource, rest, _reader.Read(call, _context.Url(call.Target), resource)),
            };
        }
        catch (ServerProblem problem)
        {
            if (problem.IsViolation)
            {
                _violations.Add($"{call.Method} {call.Target}: {problem.Type}: {problem.Message}");
            }

            return problem.ToAnswer();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The double itself or a test's delegate is wrong. That must not end the process, and must not be overlooked.
            _violations.Add($"{call.Method} {call.Target}: the server failed: {error}");
            return ServerProblem.Refusal("serverInternal", error.Message, 500).ToAnswer();
        }
    }

    private HttpAnswer Process(AcmeResource resource, string rest, SignedRequest request) => resource switch
    {
        AcmeResource.Directory => ReadDirectory(request),
        AcmeResource.NewAccount => _accounts.Create(request),
        AcmeResource.Account => _accounts.GetOrUpdate(request),
        AcmeResource.Orders when Policy.ServesOrderLists => _accounts.ListOrders(request, rest),
        AcmeResource.KeyChange when Policy.ServesKeyChange => _accounts.ChangeKey(request),
        AcmeResource.NewOrder when !Oddities.DirectoryWithoutNewOrder => _orders.Create(request),
        AcmeResource.Order => _orders.Get(request),
        AcmeResource.Finalize => _orders.Finalize(request, rest),
        AcmeResource.Authorization => _authorizations.GetOrDeactivate(request),
        AcmeResource.Challenge => _authorizations.GetOrTrigger(request),
        AcmeResource.Certificate => _certificates.Download(request, rest),
        AcmeResource.RevokeCertificate => _certificates.Revoke(request),
        _ => throw ServerProblem.Violation("malformed", "The directory does not offer that.", 404),
    };

    private HttpAnswer ReadDirectory(SignedRequest request)
    {
        request.MustRead();
        return _directory.Get();
    }

    private static ServerProblem Stray(HttpCall call) => ServerProblem.Violation("malformed", $"Nothing sends a client to {call.Target}.", 404);

    private void RequireManners(HttpCall call)
    {
        // RFC 8555 §6.1 wants one of every client.
        if (string.IsNullOrWhiteSpace(call.Field("User-Agent")))
        {
            throw ServerProblem.Malformed("There is no User-Agent.");
        }

        if (call.Field("Host") != _http.Authority)
        {
            throw ServerProblem.Malformed($"Host is '{call.Field("Host")}', not '{_http.Authority}'.");
        }
    }
}
