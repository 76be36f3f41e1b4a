using System;
using System.Globalization;

namespace KeyManager.Operations;

/// <summary>When the life of a certificate asks for its renewal. Nothing here is stored or asked: the same certificate always gets the same times.</summary>
internal static class RenewalTimes
{
    private static readonly TimeSpan ShortLife = TimeSpan.FromDays(10);

    /// <summary>From here on nobody is asked any more: a twentieth of its life is left.</summary>
    public static DateTimeOffset Emergency(Certificate certificate) => certificate.NotAfter - Part(certificate, 20);

    /// <summary>A third of its life is left, or half of a short one; a little later for each certificate, so that what was ordered together is not renewed together.</summary>
    public static DateTimeOffset Usual(Certificate certificate) => Spread(certificate, certificate.NotAfter - Part(certificate, UsualPart(certificate)));

    /// <summary>"half" or "a third".</summary>
    public static string UsualWord(Certificate certificate) => UsualPart(certificate) == 2 ? "half" : "a third";

    /// <summary>What an order or a policy asks for; <c>null</c> when it does not say. Two thirds of its life at most: a certificate that was just renewed is never due again.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="daysBeforeExpiry">Days before its end.</param>
    /// <param name="lifeLeft">The part of its life that is left, where no days are named.</param>
    public static DateTimeOffset? Wanted(Certificate certificate, int? daysBeforeExpiry, double? lifeLeft)
    {
        TimeSpan life = certificate.NotAfter - certificate.NotBefore;
        TimeSpan? before = daysBeforeExpiry is int days ? TimeSpan.FromDays(days)
            : lifeLeft is double part ? TimeSpan.FromTicks((long)(life.Ticks * part))
            : null;
        TimeSpan most = TimeSpan.FromTicks(life.Ticks / 3 * 2);
        return before is TimeSpan wanted ? Spread(certificate, certificate.NotAfter - (wanted < most ? wanted : most)) : null;
    }

    /// <summary>How long to wait after so many failures in a row: 1, 10, 100 minutes, then a day, but never more than a twentieth of the certificate's life once the first three are over.</summary>
    public static TimeSpan BackOff(Certificate certificate, int attempts) => attempts switch
    {
        <= 1 => TimeSpan.FromMinutes(1),
        2 => TimeSpan.FromMinutes(10),
        3 => TimeSpan.FromMinutes(100),
        _ => Part(certificate, 20) < TimeSpan.FromDays(1) ? Part(certificate, 20) : TimeSpan.FromDays(1),
    };

    /// <summary>Day and minute, in words for people.</summary>
    public static string Moment(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";

    public static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static int UsualPart(Certificate certificate) => certificate.NotAfter - certificate.NotBefore < ShortLife ? 2 : 3;

    private static TimeSpan Part(Certificate certificate, int divisor) => TimeSpan.FromTicks((certificate.NotAfter - certificate.NotBefore).Ticks / divisor);

    /// <summary>Up to a day later, up to a twentieth of a short life, by the certificate's own fingerprint.</summary>
    private static DateTimeOffset Spread(Certificate certificate, DateTimeOffset time)
    {
        TimeSpan most = Part(certificate, 20) < TimeSpan.FromDays(1) ? Part(certificate, 20) : TimeSpan.FromDays(1);
        uint hash = 2166136261;
        foreach (char c in certificate.Sha256Thumbprint)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return time + TimeSpan.FromTicks((long)(most.Ticks * (hash / (double)uint.MaxValue)));
    }
}
