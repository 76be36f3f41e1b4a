using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Tests.Support.Acme;

/// <summary>Failures on order. Each takes the next requests for its resource, the earliest ordered first, one failure for one request.</summary>
public sealed class ServerFaults
{
    private readonly List<Fault> _planned = [];

    /// <summary>Of a hundred good nonces, how many are refused; always the same ones in a test that does always the same.</summary>
    public int PercentOfNoncesRefused { get; set; }

    /// <summary>How many failures have not happened yet.</summary>
    public int Pending
    {
        get
        {
            lock (_planned)
            {
                return _planned.Sum(fault => fault.Times);
            }
        }
    }

    /// <summary>Answers with an error.</summary>
    /// <param name="resource">What is asked for.</param>
    /// <param name="times">How often.</param>
    /// <param name="status">Of the answer.</param>
    /// <param name="problemType">Last part of the problem's type; null for an error without content, as a front end gives it.</param>
    /// <param name="retryAfter">Told in the form that <see cref="ServerPace"/> says; null for no such header.</param>
    /// <param name="detail">Of the problem.</param>
    /// <param name="afterProcessing">The request is worked on first: what it asks for is done.</param>
    public void FailNext(
        AcmeResource resource, int times, int status, string? problemType = null, TimeSpan? retryAfter = null, string detail = "Try later.", bool afterProcessing = false) =>
        Plan(new Fault(resource, times, afterProcessing, context => Fail(context, status, problemType, retryAfter, detail)));

    /// <summary>Answers 429 rateLimited, with a link to read about it.</summary>
    public void RateLimitNext(AcmeResource resource, int times, TimeSpan? retryAfter, string detail = "too many requests, see https://ca.example/limits") =>
        Plan(new Fault(resource, times, false, context => Fail(context, 429, "rateLimited", retryAfter, detail).With("Link", "<https://ca.example/limits>;rel=\"help\"")));

    /// <summary>Does what is asked, then ends the connection.</summary>
    public void CutNext(AcmeResource resource, int times = 1, ConnectionCut where = ConnectionCut.BeforeAnswer) => Plan(new Fault(resource, times, true, null, where));

    /// <summary>Ends the connection and does nothing.</summary>
    public void DropBefore(AcmeResource resource, int times = 1) => Plan(new Fault(resource, times, false, _ => HttpAnswer.Drop()));

    /// <summary>Answers with a page of HTML, as a proxy does.</summary>
    public void HtmlNext(AcmeResource resource, int times = 1, int status = 502) => Plan(new Fault(
        resource, times, false, _ => new HttpAnswer(status).With("Content-Type", "text/html").WithBody("<html><body><h1>Bad Gateway</h1></body></html>")));

    /// <summary>Redirects with 307, which would take a signed request elsewhere. Who follows commits a violation there.</summary>
    public void RedirectNext(AcmeResource resource, int times = 1) => Plan(new Fault(
        resource, times, false, context => new HttpAnswer(307).With("Location", context.Url("/elsewhere"))));

    internal Fault? Take(AcmeResource resource)
    {
        lock (_planned)
        {
            Fault? fault = _planned.FirstOrDefault(planned => planned.Times > 0 && (planned.Resource == resource || planned.Resource == AcmeResource.Any));
            if (fault is not null)
            {
                fault.Times--;
            }

            return fault;
        }
    }

    private static HttpAnswer Fail(ServerContext context, int status, string? problemType, TimeSpan? retryAfter, string detail)
    {
        HttpAnswer answer = problemType is null
            ? new HttpAnswer(status)
            : HttpAnswer.Json(status, ServerProblem.Describe(status, problemType, detail), "application/problem+json");
        return answer.With("Retry-After", retryAfter is TimeSpan span ? context.Pace.Write(span, context.Now) : null);
    }

    private void Plan(Fault fault)
    {
        lock (_planned)
        {
            _planned.Add(fault);
        }
    }

    /// <summary>A failure that waits for its request. Without an answer of its own it lets the real one through, up to the cut.</summary>
    internal sealed class Fault(AcmeResource resource, int times, bool isAfterProcessing, Func<ServerContext, HttpAnswer>? answer, ConnectionCut cut = ConnectionCut.None)
    {
        public AcmeResource Resource { get; } = resource;

        public int Times { get; set; } = times;

        public bool IsAfterProcessing { get; } = isAfterProcessing;

        public Func<ServerContext, HttpAnswer>? Answer { get; } = answer;

        public ConnectionCut Cut { get; } = cut;
    }
}
