using System;
using System.Linq;
using System.Net.Http;
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

    private static readonly TimeSpan DirectoryLife = TimeSpan.FromHours(12);

    private static readonly TimeSpan NoticeableSkew = TimeSpan.FromMinutes(10);

    private readonly NoncePool _nonces = new();
    private DirectoryResource? _directory;
    private DateTimeOffset _directoryUntil;
    private bool _hasComparedClocks;

    /// <summary>What the server says about itself; asked for once in a while.</summary>
    public async Task<DirectoryResource> GetDirectoryAsync(IReporter? reporter, CancellationToken cancellationToken)
    {
        if (_directory is DirectoryResource known && clock.UtcNow < _directoryUntil)
        {
            return known;
        }

        HttpAnswer answer = await RepeatAsync(
            () => channel.SendAsync(HttpMethod.Get, directoryUrl, null, null, "application/json", cancellationToken), true, reporter, cancellationToken).ConfigureAwait(false);
        CompareClocks(answer, reporter);
        if (!answer.IsSuccess)
        {
            throw AcmeErrors.Explain(authority, answer, clock.UtcNow);
        }

        JObject json = JsonReading.Parse(answer.Body) ?? throw AcmeErrors.Unreadable(authority, directoryUrl, "its directory is no JSON object.");
        DirectoryResource directory = DirectoryResource.Read(json, directoryUrl);
        if (directory.NewNonce is null && directory.NewAccount is null && directory.NewOrder is null)
        {
            throw AcmeErrors.Unreadable(authority, directoryUrl, "its directory names none of newNonce, newAccount and newOrder.");
        }

        (_directory, _directoryUntil) = (directory, clock.UtcNow + DirectoryLife);
        return directory;
    }

    /// <summary>The address of a resource that the work at hand cannot do without.</summary>
    public async Task<Uri> GetUrlAsync(string name, Func<DirectoryResource, Uri?> choose, IReporter? reporter, CancellationToken cancellationToken) =>
        choose(await GetDirectoryAsync(reporter, cancellationToken).ConfigureAwait(false)) ?? throw AcmeErrors.Unreadable(authority, directoryUrl, $"its directory names no {name}.");

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
                throw new AcmeProblemException(answer, problem, AcmeErrors.Explain(authority, answer, problem, clock.UtcNow));
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

    private async Task<string> NewNonceAsync(IReporter? reporter, CancellationToken cancellationToken)
    {
        Uri url = await GetUrlAsync("newNonce", d => d.NewNonce, reporter, cancellationToken).ConfigureAwait(false);
        HttpAnswer answer = await channel.SendAsync(HttpMethod.Head, url, null, null, null, cancellationToken).ConfigureAwait(false);
        return answer.First("Replay-Nonce") is { Length: > 0 } nonce
            ? nonce
            : answer.IsSuccess
                ? throw AcmeErrors.Unreadable(authority, url, "no nonce came.")
                : throw AcmeErrors.Explain(authority, answer, clock.UtcNow);
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
            reporter.Warn(FormattableString.Invariant($"The clock of this machine is {skew.Duration().TotalMinutes:0} minutes {(skew > TimeSpan.Zero ? "ahead of" : "behind")} that of {authority}. Set it right; certificates depend on it."));
        }
    }
}
