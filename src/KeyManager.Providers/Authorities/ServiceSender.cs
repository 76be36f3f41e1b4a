using System;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Authorities;

/// <summary>Sends requests: what only asks is tried again when it got lost, what may cost money or change something is sent once, on a connection of its own.</summary>
/// <param name="channels">The connections.</param>
/// <param name="settings">The way.</param>
/// <param name="reporter">For steps.</param>
/// <param name="clock">For waits.</param>
internal sealed class ServiceSender(ServiceChannels channels, ConnectionSettings settings, IReporter reporter, Clock clock)
{
    private const int UsualTries = 4;

    /// <summary>What asks for more patience is better tried again by another command.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <param name="isRepeatable">True for a question; false for what may have an effect when its answer got lost.</param>
    /// <param name="send">Sends it once and reads the answer, each time with fresh marks.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="KeyManagerException">The last one.</exception>
    public async Task<T> RunAsync<T>(bool isRepeatable, Func<HttpChannel, Task<T>> send, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan wait = TimeSpan.FromMilliseconds(250 * (1 << attempt));
            string why;
            try
            {
                if (isRepeatable)
                {
                    return await send(channels.Get(settings)).ConfigureAwait(false);
                }

                using HttpChannel own = channels.Make(settings);
                return await send(own).ConfigureAwait(false);
            }
            catch (TransportException lost) when (attempt < UsualTries && lost.IsTransient && (isRepeatable || lost.WasNeverSent) && Wait(lost, ref wait))
            {
                why = lost.Message;
            }
            catch (RateLimitException busy) when (attempt < UsualTries && Wait(busy, ref wait))
            {
                why = busy.Message;
            }

            reporter.Verbose($"Trying again in {wait.TotalSeconds:0.#} s: {why}");
            await clock.DelayAsync(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool Wait(KeyManagerException error, ref TimeSpan wait)
    {
        if (error.RetryAfter is DateTimeOffset at)
        {
            wait = at > clock.UtcNow ? at - clock.UtcNow : TimeSpan.Zero;
        }

        return wait <= LongestWait;
    }
}
