using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Hosting;

namespace KeyManager.Operations;

/// <summary>The records that are published once and prove many orders: what to publish, and whether it stands. Changes nothing.</summary>
public sealed class ChallengeRecords(KeyManagerPorts ports)
{
    /// <summary>A record that ends within this time is told of.</summary>
    public static TimeSpan WarningTime { get; } = TimeSpan.FromDays(30);

    /// <summary>The record for a name, and how it stands.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: a type without such records, an address, an end in the past; KmAuthorityCannot.</exception>
    public async Task<ChallengeRecord> DescribeAsync(ChallengeRecordRequest request, IReporter reporter, CancellationToken cancellationToken)
    {
        DomainName name = Guard.NotNull(request).DomainName;
        Check(request);
        AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, request.Account));
        ICertificateAuthority authority = ports.Authorities.Get(account.Authority);
        IRecordAbility ability = ports.Authorities.Require<IRecordAbility>(authority, "check records that stand for long");
        RecordNames names = await ability.GetRecordNamesAsync(Lookup.Context(ports.Store, account, reporter), name, request.Type, request.IsForAnyName, cancellationToken).ConfigureAwait(false);
        if (request.Type == ChallengeType.DnsAccount01)
        {
            return new ChallengeRecord
            {
                DomainName = name,
                Type = request.Type,
                RecordName = names.RecordName,
                Status = ChallengeRecordStatus.PerOrder,
                Message = "Each order has its own value; the name stays the same for this account, so an alias (CNAME) there can stand for good.",
            };
        }

        if (names.Issuers.Count == 0)
        {
            throw new InvalidRequestException(ErrorIds.AuthorityCannot, $"{authority.Description.Title} does not say what a record has to name as issuer.")
            {
                Target = account.Name,
                Remedy = "Order with -ChallengeType DnsPersist01; Get-KmChallenge then shows the value.",
            };
        }

        PersistValue wanted = new(names.Issuers[0], names.AccountUri, request.IsForWildcard || name.IsWildcard, request.PersistUntil);
        ChallengeRecord record = new()
        {
            DomainName = name,
            Type = request.Type,
            RecordName = names.RecordName,
            Value = wanted.ToString(),
            Issuer = wanted.Issuer,
            AccountUri = wanted.AccountUri,
            Wildcard = wanted.IsForWildcard,
            ValidUntil = wanted.Until,
            Status = ChallengeRecordStatus.Unknown,
            Message = "It was not looked for.",
        };
        return ports.Probe is null || SolverContext.IsNoResolver(request.Resolver)
            ? record
            : await LookAsync(record, names.Issuers, request.Resolver, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How the records at a name stand for an account.</summary>
    /// <param name="found">The values of the TXT records.</param>
    /// <param name="issuers">What the authority is called.</param>
    /// <param name="accountUri">The account.</param>
    /// <param name="isForWildcard">Whether a wildcard is to be proved.</param>
    /// <param name="now">The time.</param>
    public static (ChallengeRecordStatus Status, DateTimeOffset? Until, string Message) Judge(
        IReadOnlyList<string> found, IReadOnlyList<string> issuers, string accountUri, bool isForWildcard, DateTimeOffset now)
    {
        (ChallengeRecordStatus Status, DateTimeOffset? Until, string Message) best = (ChallengeRecordStatus.Missing, null, "There is no such record.");
        foreach (string text in found)
        {
            if (IssueValue.TryParse(text) is not IssueValue any)
            {
                // Perhaps ours, mistyped; perhaps something else. It proves nothing either way.
                best = Better(best, issuers.Any(i => text.TrimStart().StartsWith(i, StringComparison.OrdinalIgnoreCase)) ? (ChallengeRecordStatus.Unfit, null, $"The record '{text}' cannot be read.") : best);
                continue;
            }

            if (!issuers.Contains(any.Issuer, StringComparer.OrdinalIgnoreCase))
            {
                continue; // of another authority
            }

            best = Better(best, PersistValue.TryParse(text) is not PersistValue value
                ? (ChallengeRecordStatus.Unfit, null, $"The record '{text}' is malformed: it needs one accounturi, and a number of seconds as persistUntil.")
                : value.AccountUri != accountUri ? (ChallengeRecordStatus.Unfit, value.Until, $"A record is for another account: {value.AccountUri}.")
                : isForWildcard && !value.IsForWildcard ? (ChallengeRecordStatus.Unfit, value.Until, "The record is not for wildcards: it lacks policy=wildcard.")
                : value.Until <= now ? (ChallengeRecordStatus.Expired, value.Until, $"The record ended at {Text(value.Until!.Value)}.")
                : value.Until - now <= WarningTime ? (ChallengeRecordStatus.Expiring, value.Until, $"The record ends at {Text(value.Until!.Value)}; publish a new one before.")
                : (ChallengeRecordStatus.Valid, value.Until, "The record is there."));
        }

        return best;

        static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
    }

    /// <summary>A finding for an order that is to be proved this way.</summary>
    internal async Task<PreflightFinding> FindAsync(AuthorityAccount account, DomainName name, string? resolver, IReporter reporter, CancellationToken cancellationToken)
    {
        ChallengeRecord record = await DescribeAsync(new ChallengeRecordRequest { DomainName = name, Account = account.Id, Resolver = resolver }, reporter, cancellationToken).ConfigureAwait(false);
        PreflightSeverity severity = record.Status switch
        {
            ChallengeRecordStatus.Valid => PreflightSeverity.Information,
            ChallengeRecordStatus.Expiring or ChallengeRecordStatus.Unknown => PreflightSeverity.Warning,
            _ => PreflightSeverity.Problem,
        };
        return new PreflightFinding(
            "PersistRecord",
            name.Ascii,
            severity,
            $"{record.RecordName}: {record.Message}",
            severity == PreflightSeverity.Information ? "" : $"Publish the TXT record {record.RecordName} with the value that Get-KmChallengeRecord shows: {record.Value}");
    }

    private async Task<ChallengeRecord> LookAsync(ChallengeRecord record, IReadOnlyList<string> issuers, string? resolver, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<string> found = await ports.Probe!.GetRecordsAsync(record.RecordName, DnsRecordType.Txt, resolver, cancellationToken).ConfigureAwait(false); // asked for only where there is one
            (ChallengeRecordStatus status, DateTimeOffset? until, string message) = Judge(found, issuers, record.AccountUri!, record.Wildcard, ports.Clock.UtcNow);
            return record with { Status = status, Message = message, ValidUntil = status == ChallengeRecordStatus.Missing ? record.ValidUntil : until };
        }
        catch (ChallengeException error)
        {
            return record with { Message = error.Message };
        }
    }

    private void Check(ChallengeRecordRequest request)
    {
        if (request.Type is not (ChallengeType.DnsPersist01 or ChallengeType.DnsAccount01))
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"What {request.Type} publishes belongs to one order.")
            {
                Target = request.Type,
                Remedy = "Use -ChallengeType DnsPersist01 or DnsAccount01; Get-KmChallenge shows the others.",
            };
        }

        if (request.DomainName.Kind == DomainNameKind.IpAddress)
        {
            throw new InvalidRequestException(ErrorIds.InvalidDomainName, $"An address such as {request.DomainName} is not proved by a record.") { Target = request.DomainName.Ascii, Remedy = "Give a DNS name." };
        }

        if (request.PersistUntil <= ports.Clock.UtcNow)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"The record would have ended already: {request.PersistUntil:u}.") { Target = request.PersistUntil, Remedy = "Give a time to come with -PersistUntil." };
        }
    }

    /// <summary>Of two records the one that proves more; of two equal ones that which lasts longer.</summary>
    private static (ChallengeRecordStatus Status, DateTimeOffset? Until, string Message) Better(
        (ChallengeRecordStatus Status, DateTimeOffset? Until, string Message) one, (ChallengeRecordStatus Status, DateTimeOffset? Until, string Message) other)
    {
        int difference = Rank(other.Status) - Rank(one.Status);
        return difference > 0 || (difference == 0 && (other.Until ?? DateTimeOffset.MaxValue) > (one.Until ?? DateTimeOffset.MaxValue)) ? other : one;

        static int Rank(ChallengeRecordStatus status) => status switch
        {
            ChallengeRecordStatus.Valid => 4,
            ChallengeRecordStatus.Expiring => 3,
            ChallengeRecordStatus.Expired => 2,
            ChallengeRecordStatus.Unfit => 1,
            _ => 0,
        };
    }
}
