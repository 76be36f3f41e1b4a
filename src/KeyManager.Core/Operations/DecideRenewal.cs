using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>
/// Decides when a certificate is renewed: at a random moment of the window that its authority proposes (RFC 9773), else when a third of its life is left,
/// half of it where it lives for less than ten days. When a twentieth is left, nobody is asked any more.
/// </summary>
public sealed class DecideRenewal(KeyManagerPorts ports)
{
    private static readonly TimeSpan ShortLife = TimeSpan.FromDays(10);

    /// <summary>An authority that could not be asked is not asked again before.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromHours(6);

    /// <summary>Decides; an authority that does not answer never keeps a certificate from being renewed.</summary>
    public async Task<RenewalDecision> RunAsync(string certificateId, IReporter reporter, CancellationToken cancellationToken)
    {
        Certificate certificate = ports.Store.Read(session => Lookup.Certificate(session, certificateId));
        DateTimeOffset now = ports.Clock.UtcNow;
        if (certificate.Status == CertificateStatus.Revoked)
        {
            return new RenewalDecision(true, now, $"it was revoked on {Day(certificate.RevokedAt ?? now)}");
        }

        if (ports.Store.Read(session => RenewCertificate.FindOpen(session, certificate, now)) is CertificateOrder begun)
        {
            return new RenewalDecision(true, now, $"its renewal was begun on {Day(begun.CreatedAt)}");
        }

        TimeSpan life = certificate.NotAfter - certificate.NotBefore;
        DateTimeOffset emergency = certificate.NotAfter - Part(life, 20);
        DateTimeOffset usual = certificate.NotAfter - Part(life, life < ShortLife ? 2 : 3);
        if (now >= emergency)
        {
            return new RenewalDecision(true, emergency, now > certificate.NotAfter ? $"it ran out on {Day(certificate.NotAfter)}" : $"less than a twentieth of its life is left, until {Moment(certificate.NotAfter)}");
        }

        RenewalInfo? info = await AskAsync(certificate, now, reporter, cancellationToken).ConfigureAwait(false);
        if (info is not null)
        {
            DateTimeOffset at = info.RenewAt < emergency ? info.RenewAt : emergency;
            string why = info.ExplanationUrl is null ? "" : $"; the authority explains: {info.ExplanationUrl}";
            return new RenewalDecision(
                now >= at,
                at,
                $"{certificate.Authority} wants it renewed between {Moment(info.WindowStart)} and {Moment(info.WindowEnd)}; chosen is {Moment(at)}{why}");
        }

        string part = life < ShortLife ? "half" : "a third";
        return new RenewalDecision(now >= usual, usual, $"{part} of its life is left from {Moment(usual)} on");
    }

    private async Task<RenewalInfo?> AskAsync(Certificate certificate, DateTimeOffset now, IReporter reporter, CancellationToken cancellationToken)
    {
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

    private static TimeSpan Part(TimeSpan life, int divisor) => TimeSpan.FromTicks(life.Ticks / divisor);

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
}
