using System;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Challenges.Listening;

namespace KeyManager.Providers.Challenges;

/// <summary>
/// Publishes challenges that are files over HTTP (RFC 8555 §8.3; Baseline Requirements §3.2.2.4.18) by answering the authority itself, on the order's ListenAddress, port 80 unless it says otherwise. May be used from
/// several threads.
/// </summary>
/// <remarks>
/// The port is open from the first challenge of any order of this process to the last. It answers GET and HEAD for exactly the published paths, whatever the
/// host, and everything else with 404. When another program has the port, Windows shares it if that program uses http.sys (IIS and most services do). A process that ends
/// takes everything away with it, so there is nothing to take away later.
/// </remarks>
public sealed class HttpListenerSolver : IChallengeSolver, IOrderCheck
{
    private const int DefaultPort = 80;

    private readonly ChallengeListeners _listeners;

    internal HttpListenerSolver(ChallengeListeners listeners) => _listeners = listeners;

    /// <inheritdoc/>
    public string Name => "Listener";

    /// <inheritdoc/>
    public void Check(CertificateOrder order)
    {
        if (!string.IsNullOrWhiteSpace(order.ListenAddress))
        {
            _ = ListenAddress.Parse(order.ListenAddress!, DefaultPort);
        }
    }

    /// <inheritdoc/>
    public bool CanSolve(CertificateOrder order, Challenge challenge) =>
        challenge.Type is ChallengeType.Http01 or ChallengeType.HttpFile && !string.IsNullOrWhiteSpace(order.ListenAddress);

    /// <inheritdoc/>
    /// <exception cref="ChallengeException">KmChallengeNotPublished: the port is taken or not allowed, or there is nothing to publish.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: the order's address cannot be read.</exception>
    public Task PresentAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ListenAddress address = ListenAddress.Parse(context.Order.ListenAddress ?? "", DefaultPort);
        if (challenge.Value is null || !Uri.TryCreate(challenge.Location, UriKind.Absolute, out Uri? url))
        {
            throw new ChallengeException(ErrorIds.ChallengeNotPublished, $"The proof for {challenge.DomainName} cannot be published: the authority did not say what and where.")
            {
                Target = challenge,
            };
        }

        _listeners.Publish(address, challenge, new FileProof(url.AbsolutePath, Encoding.ASCII.GetBytes(challenge.Value)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CleanUpAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken)
    {
        _listeners.TakeAway(challenge);
        return Task.CompletedTask;
    }
}
