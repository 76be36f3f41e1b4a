using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services;

/// <summary>The errors that every DNS service can meet, in one wording: which account, what it said, what to do.</summary>
internal static class ServiceErrors
{
    /// <summary>KmDnsCredentialRejected: it does not know who we are.</summary>
    public static CredentialException Rejected(DnsContext context, string said, string remedy) =>
        new(ErrorIds.DnsCredentialRejected, $"The credentials of the DNS account {context.Account} were not accepted: {End(said)}") { Target = context.Account.Name, Remedy = remedy };

    /// <summary>KmDnsRightMissing: it knows us, and does not allow this.</summary>
    /// <param name="context">The account.</param>
    /// <param name="what">What was tried, such as "change the zone contoso.com".</param>
    /// <param name="said">The service's own words.</param>
    /// <param name="remedy">Which right to give where.</param>
    public static CredentialException RightMissing(DnsContext context, string what, string said, string remedy) =>
        new(ErrorIds.DnsRightMissing, $"The DNS account {context.Account} may not {what}: {End(said)}") { Target = context.Account.Name, Remedy = remedy };

    /// <summary>KmDnsClockWrong: the time of this machine is too far from the service's.</summary>
    public static CredentialException ClockWrong(DnsContext context, DateTimeOffset ours, DateTimeOffset? theirs, string said) =>
        new(
            ErrorIds.DnsClockWrong,
            $"The request of the DNS account {context.Account} was refused for its time. This machine has {ours:yyyy-MM-dd HH:mm:ss} UTC"
                + (theirs is DateTimeOffset t ? $", the service {t.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "") + $". It said: {End(said)}")
        {
            Target = context.Account.Name,
            Remedy = "Set the clock of this machine right, best with NTP.",
        };

    /// <summary>KmDnsZoneNotFound: what should be there is not, or not for us.</summary>
    public static NotFoundException ZoneNotFound(DnsContext context, string zone, string said) =>
        new(ErrorIds.DnsZoneNotFound, $"The DNS account {context.Account} has no zone '{zone}': {End(said)}")
        {
            Target = zone,
            Remedy = "Look whether the zone is still there, and whether the credentials reach it: Test-KmDnsAccount.",
        };

    /// <summary>KmDnsZoneAmbiguous: two zones of one name.</summary>
    /// <param name="context">The account.</param>
    /// <param name="zone">The name.</param>
    /// <param name="ids">What tells them apart.</param>
    /// <param name="remedy">How to choose.</param>
    public static ConflictException ZoneAmbiguous(DnsContext context, string zone, IEnumerable<string> ids, string remedy) =>
        new(ConflictKind.State, ErrorIds.DnsZoneAmbiguous, $"The DNS account {context.Account} has several zones '{zone}': {string.Join(", ", ids)}.") { Target = zone, Remedy = remedy };

    /// <summary>KmDnsNameOccupied: an alias stands alone at its name.</summary>
    public static ConflictException NameOccupied(DnsContext context, string name, string said) =>
        new(ConflictKind.State, ErrorIds.DnsNameOccupied, $"The DNS account {context.Account} cannot write at {name}: {End(said)}")
        {
            Target = name,
            Remedy = "An alias (CNAME) stands alone at its name: write where it leads to, or remove it.",
        };

    /// <summary>KmDnsRecordSetFull: no further value fits at the name.</summary>
    public static ConflictException RecordSetFull(DnsContext context, string name, string said, string? remedy = null) =>
        new(ConflictKind.State, ErrorIds.DnsRecordSetFull, $"The DNS account {context.Account} cannot add a further value at {name}: {End(said)}")
        {
            Target = name,
            Remedy = remedy ?? "Remove the values at this name that nothing needs any more.",
        };

    /// <summary>KmDnsChangeRefused: any other no.</summary>
    public static ChallengeException Refused(DnsContext context, string what, string said, string? remedy = null, bool isTransient = false) =>
        new(ErrorIds.DnsChangeRefused, $"The DNS account {context.Account} could not {what}: {End(said)}")
        {
            Target = context.Account.Name,
            Remedy = remedy ?? "Mend what it names, then run the command again; nothing is lost.",
            IsTransient = isTransient,
        };

    /// <summary>KmDnsChangeNotServed: it said yes, and nothing happened.</summary>
    public static ChallengeException NotServed(DnsContext context, IEnumerable<string> names, string problem, string remedy)
    {
        string all = string.Join(", ", names.Distinct());
        return new ChallengeException(ErrorIds.DnsChangeNotServed, $"The DNS account {context.Account} reported a change of {all} as done, but {End(problem)}") { Target = all, Remedy = remedy };
    }

    /// <summary>KmDnsAnswerUnreadable: an answer of another form than the documents say.</summary>
    public static ChallengeException Unreadable(DnsContext context, Uri url, int status, string problem, Exception? inner = null) =>
        new(ErrorIds.DnsAnswerUnreadable, $"The answer of {url.GetLeftPart(UriPartial.Path)} (status {status}) to the DNS account {context.Account} cannot be read: {End(problem)}", inner)
        {
            Target = context.Account.Name,
            Remedy = "Look whether the address is right and a proxy or firewall answers in the service's place.",
        };

    private static string End(string text)
    {
        string trimmed = text.Trim();
        return trimmed.Length == 0 ? "it gave no reason." : trimmed.EndsWith(".", StringComparison.Ordinal) || trimmed.EndsWith("!", StringComparison.Ordinal) ? trimmed : trimmed + ".";
    }
}
