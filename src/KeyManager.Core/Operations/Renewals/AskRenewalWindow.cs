using System;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Asks an authority when it wants a certificate renewed (RFC 9773), no sooner than it wants to be asked, and chooses a moment in its window once.</summary>
internal sealed class AskRenewalWindow(KeyManagerPorts ports)
{
    /// <summary>An authority that could not be asked is not asked again before.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromHours(6);

    /// <summary>What is known, asked for where it is time; <c>null</c> when the authority does not say.</summary>
    public async Task<RenewalInfo?> RunAsync(Certificate certificate, IReporter reporter, CancellationToken cancellationToken)
    {
        DateTimeOffset now = ports.Clock.UtcNow;
        (RenewalInfo? known, AuthorityAccount? account) = ports.Store.Read(session => (
            session.RenewalInfo.Find(certificate.Id),
            certificate.Account is null ? null : session.Accounts.FindByName(certificate.Account)));
        if (account is not { Status: AccountStatus.Valid } || ports.Authorities.Get(account.Authority) is not IRenewalInfoAbility ability)
        {
            return null;
        }

        if (known is not null && now < known.AskAgainAt)
        {
            return known;
        }

        try
        {
            RenewalWindow? window = await ability.GetRenewalWindowAsync(Lookup.Context(ports.Store, account, reporter), certificate, cancellationToken).ConfigureAwait(false);
            if (window is null)
            {
                return null;
            }

            RenewalInfo info = new()
            {
                CertificateId = certificate.Id,
                WindowStart = window.Start,
                WindowEnd = window.End,
                // The same window keeps its moment: choosing anew each time would make an early one ever more likely.
                RenewAt = known is not null && known.WindowStart == window.Start && known.WindowEnd == window.End ? known.RenewAt : Choose(window),
                AskAgainAt = window.AskAgainAt,
                ExplanationUrl = window.ExplanationUrl,
            };
            ports.Store.Write(session => session.RenewalInfo.Put(info), Durability.Deferred);
            if (info.ExplanationUrl is not null && info.ExplanationUrl != known?.ExplanationUrl)
            {
                reporter.Warn($"{certificate.Authority} wants {certificate} renewed and explains why: {info.ExplanationUrl}");
            }

            return info;
        }
        catch (KeyManagerException error) when (error is not StoreException)
        {
            reporter.Verbose($"{certificate.Authority} could not say when to renew {certificate}: {error.Message}");
            if (known is not null)
            {
                DateTimeOffset again = error.RetryAfter > now ? error.RetryAfter.Value : now + AfterFailure;
                ports.Store.Write(session => session.RenewalInfo.Put(known with { AskAgainAt = again }), Durability.Deferred);
            }

            return known;
        }
    }

    /// <summary>RFC 9773 §4.2: uniformly at random.</summary>
    private static DateTimeOffset Choose(RenewalWindow window)
    {
        byte[] bytes = new byte[8];
        using (RandomNumberGenerator generator = RandomNumberGenerator.Create())
        {
            generator.GetBytes(bytes);
        }

        double part = (BitConverter.ToUInt64(bytes, 0) >> 11) / (double)(1UL << 53);
        return window.Start + TimeSpan.FromTicks((long)((window.End - window.Start).Ticks * part));
    }
}
