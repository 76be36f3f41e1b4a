using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Tries a renewal that has failed again and again with the staging system of its authority first: there, failures count for nothing.</summary>
internal sealed class RehearseRenewal(KeyManagerPorts ports)
{
    private readonly PlaceOrder _place = new(ports);
    private readonly CompleteOrder _complete = new(ports);

    /// <summary>True when it worked there; false when there is no account with the staging system.</summary>
    /// <exception cref="KeyManagerException">It failed there too.</exception>
    public async Task<bool> RunAsync(CertificateOrder previous, RenewalChanges changes, CompleteOrderOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        AuthorityAccount? staging = ports.Store.Read(session =>
        {
            AuthorityAccount? real = session.Accounts.Find(previous.AccountId);
            return real is not { Environment: AuthorityEnvironment.Production } ? null
                : session.Accounts.List().FirstOrDefault(a => a.Authority == real.Authority && a.Environment == AuthorityEnvironment.Staging && a.Status == AccountStatus.Valid);
        });
        if (staging is null)
        {
            return false;
        }

        reporter.Verbose($"Trying {previous.Name} with the staging account {staging} first.");
        OrderRequest request = new()
        {
            DomainNames = previous.DomainNames,
            Account = staging.Id,
            Name = $"rehearsal of {previous.Name}",
            KeyAlgorithm = previous.KeySpec.Algorithm,
            KeyLength = previous.KeySpec.Length,
            ChallengeType = previous.ChallengeType,
            WebRootPath = previous.WebRootPath,
            ListenAddress = previous.ListenAddress,
            ChallengeScript = previous.ChallengeScript,
            DnsAccount = changes.DnsAccount ?? previous.DnsAccount,
            Force = true,
        };
        try
        {
            CertificateOrder order = await _place.RunAsync(request, reporter, cancellationToken).ConfigureAwait(false);
            await _complete.RunAsync(order.Id, options with { Save = false }, reporter, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Also what a rehearsal has left that was cut short.
            foreach (CertificateOrder order in ports.Store.Stream(new OrderQuery { Name = request.Name, AccountId = staging.Id }).ToList())
            {
                Forget(order);
            }
        }

        return true;
    }

    private void Forget(CertificateOrder order) => ports.Store.Write(session =>
    {
        if (order.CertificateId is string id && session.Certificates.Find(id) is { Status: CertificateStatus.Unsaved })
        {
            session.Certificates.Remove(id);
        }

        session.Orders.Remove(order.Id);
        if (order.PrivateKeyId is string key && !session.PrivateKeys.IsInUse(key))
        {
            session.PrivateKeys.Remove(key);
            session.Secrets.RemoveAll("key", key);
        }

        session.Audit.Append(new AuditEntry("AutoRenewal", "RehearsalForgotten", order.Id, order.Name));
    });
}
