using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Challenges.Listening;

namespace KeyManager.Providers.Challenges;

/// <summary>
/// Publishes TLS challenges (RFC 8737; for addresses RFC 8738) by answering the authority's handshake itself, on the order's ListenAddress, port 443 unless it
/// says otherwise. Needs PowerShell 7. May be used from several threads.
/// </summary>
/// <remarks>
/// The port is open from the first challenge of any order of this process to the last, and may be the one of HTTP challenges: the first octet of a connection tells
/// them apart. Two orders for one name at the same time cannot both be proved this way; the newer certificate is shown.
/// </remarks>
public sealed class TlsAlpnSolver : IChallengeSolver
{
    private const int DefaultPort = 443;

    private readonly ChallengeListeners _listeners;
    private readonly Clock _clock;
    private readonly bool _isSupported;

    internal TlsAlpnSolver(ChallengeListeners listeners, Clock clock, bool? isSupported = null)
    {
        _listeners = listeners;
        _clock = clock;
        _isSupported = isSupported ?? AlpnServer.IsSupported;
    }

    /// <inheritdoc/>
    public string Name => "TlsAlpn";

    /// <inheritdoc/>
    public bool CanSolve(CertificateOrder order, Challenge challenge) =>
        challenge.Type == ChallengeType.TlsAlpn01 && !string.IsNullOrWhiteSpace(order.ListenAddress);

    /// <inheritdoc/>
    /// <exception cref="ChallengeException">KmChallengeNotPublished: not on this PowerShell, the port is taken or not allowed, or there is nothing to publish.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: the order's address cannot be read.</exception>
    public Task PresentAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_isSupported)
        {
            throw new ChallengeException(
                ErrorIds.ChallengeNotPublished,
                $"The proof for {challenge.DomainName} cannot be published: tls-alpn-01 needs a TLS server that negotiates protocols (ALPN), and the .NET Framework of Windows PowerShell 5.1 has none.")
            {
                Target = challenge,
                Remedy = "Use PowerShell 7, or another way to prove it: -ChallengeType Http01 or Dns01.",
            };
        }

        ListenAddress address = ListenAddress.Parse(context.Order.ListenAddress ?? "", DefaultPort);
        string keyAuthorization = challenge.Value
            ?? throw new ChallengeException(ErrorIds.ChallengeNotPublished, $"The proof for {challenge.DomainName} cannot be published: the authority gave no key authorization.") { Target = challenge };
        string serverName = ValidationCertificate.ServerName(challenge.DomainName);
        X509Certificate2 certificate = ValidationCertificate.Make(challenge.DomainName, keyAuthorization, _clock.UtcNow);
        try
        {
            _listeners.Publish(address, challenge, new CertificateProof(serverName, certificate));
            return Task.CompletedTask;
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task CleanUpAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken)
    {
        _listeners.TakeAway(challenge);
        return Task.CompletedTask;
    }
}
