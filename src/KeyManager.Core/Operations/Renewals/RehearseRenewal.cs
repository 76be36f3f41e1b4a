using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Tries a renewal with the staging system of its authority: there, failures count for nothing. What is issued is thrown away.</summary>
internal sealed class RehearseRenewal(KeyManagerPorts ports)
{
    private readonly PlaceOrder _place = new(ports);
    private readonly CompleteOrder _complete = new(ports);

    /// <summary>The account to rehearse with; <c>null</c> when there is none with the staging system of the authority.</summary>
    /// <param name="previous">The order that the renewal repeats.</param>
    /// <param name="account">Id or name of another account; <c>null</c> for one with the staging system.</param>
    /// <exception cref="InvalidRequestException">KmChargesNotAccepted: its orders cost money.</exception>
    public AuthorityAccount? Find(CertificateOrder previous, string? account)
    {
        AuthorityAccount? found = ports.Store.Read(session =>
        {
            if (account is not null)
            {
                return Lookup.UsableAccount(session, account);
            }

            AuthorityAccount? real = session.Accounts.Find(previous.AccountId);
            return real is null ? null
                : real.Environment == AuthorityEnvironment.Staging ? real
                : session.Accounts.List().FirstOrDefault(a => a.Authority == real.Authority && a.Environment == AuthorityEnvironment.Staging && a.Status == AccountStatus.Valid);
        });
        return found is null || !ports.Authorities.Get(found.Authority).Description.ChargesMoney ? found : throw new InvalidRequestException(ErrorIds.ChargesNotAccepted, $"Orders with the account {found} cost money; nothing is rehearsed with it.")
        {
            Target = found.Name,
            Remedy = "Name an account of an ACME authority, or of your private one.",
        };
    }

    /// <summary>Orders as the renewal would, and throws away what comes of it.</summary>
    /// <exception cref="KeyManagerException">It failed.</exception>
    public async Task RunAsync(CertificateOrder previous, AuthorityAccount staging, RenewalChanges changes, CompleteOrderOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        reporter.Verbose($"Trying {previous.Name} with the account {staging} first.");
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
