using System;
using System.Linq;
using System.Net.Http;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Networking;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>
/// The conversation with one server: its directory, its nonces, signed requests and what becomes of them. It remembers nothing that would be missed.
/// May be used from several threads.
/// </summary>
internal sealed class AcmeSession(string authority, Uri directoryUrl, HttpChannel channel, Clock clock) : IDisposable
{
    private const string JoseType = "application/jose+json";

    /// <summary>Of bad nonces: a server that refuses half of them refuses fifty in a row once in 10^15.</summary>
    private const int NonceTries = 50;

    /// <summary>From here on the server may need a moment.</summary>
    private const int EagerNonceTries = 10;

    private const int Tries = 4;

    /// <summary>What asks for more patience is better tried again by another command.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>How long a directory is taken for granted, also by later processes. One that moved earlier is noticed by what fails.</summary>
    private static readonly TimeSpan DirectoryLife = TimeSpan.FromDays(7);

    /// <summary>A directory that was read so lately does not say anything else.</summary>
    private static readonly TimeSpan DirectoryTruth = TimeSpan.FromHours(1);

    private static readonly TimeSpan NoticeableSkew = TimeSpan.FromMinutes(10);

    private readonly NoncePool _nonces = new();
    private volatile KnownDirectory? _directory;
    private bool _hasComparedClocks;

    /// <summary>What messages call the server.</summary>
    public string Authority { get; } = authority;

    /// <summary>The directory with which a process that comes later can begin; <c>null</c> while none was read.</summary>
    public AcmeAccountData? Directory => _directory?.Data;

    /// <summary>Begins with a directory that was read earlier, unless one is known or that one is too old.</summary>
    public void Begin(AcmeAccountData directory)
    {
        if (_directory is null && directory.DirectoryUrl == directoryUrl.AbsoluteUri && IsFresh(directory))
        {
            _directory = new KnownDirectory(directory, directory.Read(), DateTimeOffset.MinValue);
        }
    }

    /// <summary>What the server says about itself; asked for once in a while.</summary>
    public async Task<DirectoryResource> GetDirectoryAsync(IReporter? reporter, CancellationToken cancellationToken)
    {
        if (_directory is KnownDirectory known && IsFresh(known.Data))
        {
            return known.Resource;
        }

        HttpAnswer answer = await RepeatAsync(() => AskForDirectoryAsync(cancellationToken), true, reporter, cancellationToken).ConfigureAwait(false);
        return Learn(answer, reporter);
    }

    /// <summary>The address of a resource that the work at hand cannot do without.</summary>
    public async Task<Uri> GetUrlAsync(string name, Func<DirectoryResource, Uri?> choose, IReporter? reporter, CancellationToken cancellationToken)
    {
        DirectoryResource directory = await GetDirectoryAsync(reporter, cancellationToken).ConfigureAwait(false);
        if (choose(directory) is null)
        {
            directory = await ReadAgainAsync(reporter, cancellationToken).ConfigureAwait(false) ?? directory;
        }

        return choose(directory) ?? throw AcmeErrors.Unreadable(Authority, directoryUrl, $"its directory names no {name}.");
    }

    /// <summary>Sends to a resource that the directory names; when it is not there, and the directory is not fresh, to where it is now.</summary>
    /// <param name="name">Name of the resource.</param>
    /// <param name="choose">Finds it.</param>
    /// <param name="send">Sends to an address.</param>
    /// <param name="reporter">For waits.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<HttpAnswer> SendAsync(
        string name, Func<DirectoryResource, Uri?> choose, Func<Uri, Task<HttpAnswer>> send, IReporter? reporter, CancellationToken cancellationToken)
    {
        Uri url = await GetUrlAsync(name, choose, reporter, cancellationToken).ConfigureAwait(false);
        HttpAnswer? answer = null;
        ExceptionDispatchInfo? failure = null;
        try
        {
            answer = await send(url).ConfigureAwait(false);
            if (!IsGone(answer.Status))
            {
                return answer;
            }
        }
        catch (Exception e) when ((e is AcmeProblemException refused && IsGone(refused.Answer.Status)) || e is TransportException { WasNeverSent: true })
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }

        _ = await ReadAgainAsync(reporter, cancellationToken).ConfigureAwait(false);
        if (_directory is KnownDirectory now && choose(now.Resource) is Uri moved && moved != url)
        {
            _nonces.Clear(); // what came from where it was
            return await send(moved).ConfigureAwait(false);
        }

        failure?.Throw();
        return answer!; // without a failure there was an answer
    }

    /// <summary>Sends a signed request; a new nonce for each try.</summary>
    /// <param name="url">Where.</param>
    /// <param name="payload">What; <c>null</c> for a POST-as-GET.</param>
    /// <param name="key">Who signs.</param>
    /// <param name="accountUrl">The account; <c>null</c> sends the public key instead.</param>
    /// <param name="isRepeatable">Whether sending it again after a lost answer changes nothing.</param>
    /// <param name="accept">The media type wanted; <c>null</c> for JSON.</param>
    /// <param name="reporter">For waits; <c>null</c> to wait in silence.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="KeyManagerException">Any, as <see cref="AcmeErrors"/> says.</exception>
    public async Task<HttpAnswer> PostAsync(
        Uri url, JObject? payload, AccountKey key, string? accountUrl, bool isRepeatable, string? accept, IReporter? reporter, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            HttpAnswer answer = await RepeatAsync(
                async () =>
                {
                    string nonce = _nonces.Take() ?? await NewNonceAsync(reporter, cancellationToken).ConfigureAwait(false);
                    JObject signed = JsonWebSignature.Sign(key, accountUrl, nonce, url.AbsoluteUri, payload);
                    HttpAnswer received = await channel.SendAsync(
                        HttpMethod.Post, url, Encoding.UTF8.GetBytes(signed.ToString(Formatting.None)), JoseType, accept ?? "application/json", cancellationToken).ConfigureAwait(false);
                    _nonces.Add(received.First("Replay-Nonce"));
                    return received;
                },
                isRepeatable,
                reporter,
                cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess)
            {
                return answer;
            }

            ProblemDocument? problem = ProblemDocument.Read(JsonReading.Parse(answer.Body));
            if (problem?.Type != "badNonce" || attempt >= NonceTries)
            {
                throw new AcmeProblemException(answer, problem, AcmeErrors.Explain(Authority, answer, problem, clock.UtcNow));
            }

            if (attempt >= EagerNonceTries)
            {
                await clock.DelayAsync(TimeSpan.FromMilliseconds(100), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Asks for something that everybody may see.</summary>
    public Task<HttpAnswer> GetAsync(Uri url, IReporter? reporter, CancellationToken cancellationToken) => RepeatAsync(
        () => channel.SendAsync(HttpMethod.Get, url, null, null, "application/json", cancellationToken), true, reporter, cancellationToken);

    public void Dispose() => channel.Dispose();

    private static bool IsGone(int status) => status is 301 or 302 or 307 or 308 or 404 or 405 or 410;

    private bool IsFresh(AcmeAccountData directory) => directory.ReadAt <= clock.UtcNow && clock.UtcNow < directory.ReadAt + DirectoryLife;

    private Task<HttpAnswer> AskForDirectoryAsync(CancellationToken cancellationToken) =>
        channel.SendAsync(HttpMethod.Get, directoryUrl, null, null, "application/json", cancellationToken);

    /// <summary>Reads the directory again, unless this session has lately; <c>null</c> then, and when it cannot be had.</summary>
    private async Task<DirectoryResource?> ReadAgainAsync(IReporter? reporter, CancellationToken cancellationToken)
    {
        if (_directory is not KnownDirectory old || clock.UtcNow - old.LookedAt < DirectoryTruth)
        {
            return null;
        }

        _directory = old with { LookedAt = clock.UtcNow };
        try
        {
            return Learn(await AskForDirectoryAsync(cancellationToken).ConfigureAwait(false), reporter);
        }
        catch (KeyManagerException)
        {
            return null; // what led here says more
        }
    }

    private DirectoryResource Learn(HttpAnswer answer, IReporter? reporter)
    {
        CompareClocks(answer, reporter);
        if (!answer.IsSuccess)
        {
            throw AcmeErrors.Explain(Authority, answer, clock.UtcNow);
        }

        JObject json = JsonReading.Parse(answer.Body) ?? throw AcmeErrors.Unreadable(Authority, directoryUrl, "its directory is no JSON object.");
        DirectoryResource directory = DirectoryResource.Read(json, directoryUrl);
        if (directory.NewNonce is null && directory.NewAccount is null && directory.NewOrder is null)
        {
            throw AcmeErrors.Unreadable(Authority, directoryUrl, "its directory names none of newNonce, newAccount and newOrder.");
        }

        _directory = new KnownDirectory(new AcmeAccountData { DirectoryUrl = directoryUrl.AbsoluteUri, Directory = json, ReadAt = clock.UtcNow }, directory, clock.UtcNow);
        return directory;
    }

    private async Task<string> NewNonceAsync(IReporter? reporter, CancellationToken cancellationToken)
    {
        HttpAnswer answer = await SendAsync(
            "newNonce", d => d.NewNonce, url => channel.SendAsync(HttpMethod.Head, url, null, null, null, cancellationToken), reporter, cancellationToken).ConfigureAwait(false);
        CompareClocks(answer, reporter); // the first answer where the directory was stored
        return answer.First("Replay-Nonce") is { Length: > 0 } nonce
            ? nonce
            : answer.IsSuccess
                ? throw AcmeErrors.Unreadable(Authority, answer.Url, "no nonce came.")
                : throw AcmeErrors.Explain(Authority, answer, clock.UtcNow);
    }

    /// <summary>
    /// Tries again what a server under load put off (503, 429), in its own time when that is short; and, where that changes nothing, what got lost on the way
    /// or failed inside of the server.
    /// </summary>
    private async Task<HttpAnswer> RepeatAsync(Func<Task<HttpAnswer>> send, bool isRepeatable, IReporter? reporter, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan wait = TimeSpan.FromMilliseconds(250 * (1 << attempt));
            string why;
            try
            {
                HttpAnswer answer = await send().ConfigureAwait(false);
                bool isPutOff = answer.Status is 503 or 429;
                if (attempt >= Tries || !(isPutOff || (isRepeatable && answer.Status is 500 or 502 or 504)))
                {
                    return answer;
                }

                DateTimeOffset now = clock.UtcNow;
                wait = RetryAfter.Read(answer.First("Retry-After"), now) - now ?? wait;
                if (wait > LongestWait)
                {
                    return answer;
                }

                why = $"HTTP {answer.Status}";
            }
            catch (TransportException lost) when (attempt < Tries && lost.IsTransient && (isRepeatable || lost.WasNeverSent))
            {
                why = lost.Message;
            }

            reporter?.Verbose($"Trying again in {Math.Max(wait.TotalSeconds, 0):0.#} s: {why}");
            await clock.DelayAsync(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A clock that is wrong by hours makes certificates look not yet valid; it is better said once, here.</summary>
    private void CompareClocks(HttpAnswer answer, IReporter? reporter)
    {
        if (_hasComparedClocks || reporter is null || RetryAfter.Read(answer.First("Date"), clock.UtcNow) is not DateTimeOffset theirs)
        {
            return;
        }

        _hasComparedClocks = true;
        TimeSpan skew = clock.UtcNow - theirs;
        if (skew.Duration() > NoticeableSkew)
        {
            reporter.Warn(FormattableString.Invariant($"The clock of this machine is {skew.Duration().TotalMinutes:0} minutes {(skew > TimeSpan.Zero ? "ahead of" : "behind")} that of {Authority}. Set it right; certificates depend on it."));
        }
    }

    private sealed record KnownDirectory(AcmeAccountData Data, DirectoryResource Resource, DateTimeOffset LookedAt);
}
