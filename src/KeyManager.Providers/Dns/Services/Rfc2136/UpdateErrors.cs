using System;
using System.Globalization;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns.Services.Rfc2136;

/// <summary>Says in the words of an administrator what a server did not do, and what is to be mended where.</summary>
/// <param name="owner">What follows the server in a message, such as " of the DNS account bind".</param>
internal sealed class UpdateErrors(string owner)
{
    private const string TimeRemedy = "Set the clocks right, best with NTP on both machines; a signature is good for five minutes.";
    private const string SecretRemedy = "Copy the secret from the server's configuration again, whole, and see that the algorithm is the same.";
    private const string KeyRemedy = "Compare name and algorithm of the key with the server's configuration. Knot DNS says the same when the key is right and its acl does not allow this name or type.";
    private const string TruncationRemedy = "Look whether something between here and the server changes DNS messages.";

    /// <summary>Returns when the server says that it is done, and can be believed.</summary>
    /// <exception cref="ChallengeException">KmDnsChangeRefused, KmDnsChangeNotServed.</exception>
    /// <exception cref="ConflictException">KmDnsNameOccupied: an alias is in the way, or would be.</exception>
    /// <exception cref="CredentialException">KmDnsCredentialRejected, KmDnsClockWrong: key or clock is the reason.</exception>
    public void Check(SignedAnswer answer, DnsName zone, string names, TsigKey? key)
    {
        Change change = new(answer, zone, names, key);
        if (answer.Verdict is { } verdict && (verdict.State != TsigState.Valid || verdict.Error != TsigError.None))
        {
            throw OfSignature(change, verdict);
        }

        if (answer.Message.ResponseCode != DnsResponseCode.NoError)
        {
            throw OfCode(change);
        }
    }

    /// <summary>An error about a change that the server did not refuse.</summary>
    public ChallengeException NotThere(SignedAnswer answer, DnsName zone, string name, TsigKey? key, string problem, string remedy) =>
        new(ErrorIds.DnsChangeNotServed, Message(new Change(answer, zone, name, key), problem)) { Target = name, Remedy = remedy };

    /// <summary>An alias is in the way, or would be.</summary>
    public ConflictException Occupied(SignedAnswer answer, DnsName zone, string name, TsigKey? key, string problem, string remedy) => Occupied(new Change(answer, zone, name, key), problem, remedy);

    private KeyManagerException OfSignature(Change change, TsigVerdict verdict)
    {
        string code = Text(change.Answer.Message.ResponseCode);
        string hint = verdict.State == TsigState.Valid ? "" : " The answer is not signed, so this is only a hint.";
        switch (verdict.State)
        {
            case TsigState.Invalid:
                return Refused(change, $"its answer ({code}) {verdict.Problem}", "Somebody else may have answered, or the server has two keys of one name. Look at its log.");
            case TsigState.Missing:
                return OfUnsignedCode(change, code);
        }

        switch (verdict.Error)
        {
            case TsigError.BadKey:
                return KeyRefused(change, $"it does not know this key ({code}, BADKEY).{hint}", KeyRemedy);
            case TsigError.BadSig:
                return KeyRefused(change, $"it got another signature than its own secret makes ({code}, BADSIG).{hint}", SecretRemedy);
            case TsigError.BadTrunc:
                return Refused(change, $"it wants a longer signature ({code}, BADTRUNC).{hint}", TruncationRemedy);
            case TsigError.BadTime:
                string clocks = verdict.Record?.ServerTime is long there
                    ? $"our clock said {Time(change.Answer.TimeSigned)}, the server's {Time(there)}, {Math.Abs(there - change.Answer.TimeSigned)} seconds apart"
                    : $"our clock said {Time(change.Answer.TimeSigned)}";
                return KeyRefused(change, $"the clocks differ: {clocks} ({code}, BADTIME).{hint}", TimeRemedy, ErrorIds.DnsClockWrong);
            default:
                return Refused(change, $"it did not like the signature ({code}, TSIG error {(int)verdict.Error}).{hint}", SecretRemedy);
        }
    }

    // A server that cannot check a signature cannot sign either; some say nothing more exact than REFUSED then.
    private ChallengeException OfUnsignedCode(Change change, string code) => change.Answer.Message.ResponseCode switch
    {
        DnsResponseCode.NoError => Refused(change, "it says that it is done, but without a signature, which anybody could", "Look at the server's log, and whether it knows the key."),
        DnsResponseCode.Refused => Refused(
            change, $"it answered {code}, not signed", "Look whether the server takes updates of this zone at all, then at key, secret and clock: PowerDNS says REFUSED for each of these."),
        DnsResponseCode.NotAuth => Refused(change, $"it answered {code}, not signed", "Look whether the zone is right and this server its primary; some servers say NOTAUTH for a wrong key too."),
        _ => Refused(change, $"it answered {code}, not signed", RemedyOf(change)),
    };

    private KeyManagerException OfCode(Change change) => change.Answer.Message.ResponseCode switch
    {
        DnsResponseCode.Refused => Refused(change, "its rules do not allow it (REFUSED)", RemedyOf(change)),
        DnsResponseCode.NotAuth => Refused(change, "it does not hold this zone (NOTAUTH)", RemedyOf(change)),
        DnsResponseCode.NotZone => Refused(change, "the name is not in this zone (NOTZONE)", RemedyOf(change)),
        DnsResponseCode.YXRRSet => Occupied(change, "the name is an alias (CNAME), and text beside an alias is lost (YXRRSET)", RemedyOf(change)),
        DnsResponseCode.YXDomain => Occupied(change, "the name has records already, and an alias (CNAME) stands alone (YXDOMAIN)", RemedyOf(change)),
        DnsResponseCode.ServFail => Refused(change, "it could not store the change (SERVFAIL)", RemedyOf(change), isTransient: true),
        DnsResponseCode.FormErr => Refused(change, "it did not understand the message (FORMERR)", RemedyOf(change)),
        DnsResponseCode.NotImp => Refused(change, "it takes no updates (NOTIMP)", RemedyOf(change)),
        DnsResponseCode code => Refused(change, $"it answered {Text(code)}", RemedyOf(change)),
    };

    private static string RemedyOf(Change change) => change.Answer.Message.ResponseCode switch
    {
        DnsResponseCode.Refused => change.Key is null
            ? "Allow updates from this machine's address in the server's configuration, or give a key."
            : "Allow the key to change the TXT records of this name (BIND: update-policy), and send to the primary of the zone.",
        DnsResponseCode.NotAuth => "Give the zone's own name, and the server that is its primary.",
        DnsResponseCode.NotZone => "Give the zone that holds the name, or none, so that the server is asked.",
        DnsResponseCode.YXRRSet => "Publish at the name that the alias leads to, or remove the alias.",
        DnsResponseCode.YXDomain => "Remove the other records of the name first.",
        DnsResponseCode.ServFail => "Look at the server's log: a journal or folder that it may not write, a frozen zone.",
        DnsResponseCode.FormErr => "Look at the server's log; if it is right about the message, please report it.",
        DnsResponseCode.NotImp => "Send to a name server that takes RFC 2136 updates: the primary of the zone.",
        _ => "Look at the server's log.",
    };

    private ChallengeException Refused(Change change, string problem, string remedy, bool isTransient = false) =>
        new(ErrorIds.DnsChangeRefused, Message(change, problem)) { Target = change.Names, Remedy = remedy, IsTransient = isTransient };

    private ConflictException Occupied(Change change, string problem, string remedy) =>
        new(ConflictKind.State, ErrorIds.DnsNameOccupied, Message(change, problem)) { Target = change.Names, Remedy = remedy };

    private CredentialException KeyRefused(Change change, string problem, string remedy, string errorId = ErrorIds.DnsCredentialRejected) =>
        new(errorId, Message(change, problem)) { Target = change.Names, Remedy = remedy };

    private string Message(Change change, string problem) =>
        $"The DNS server {change.Answer.Server}{owner} did not change {change.Names} in the zone {change.Zone} with {(change.Key is null ? "no key" : $"the key {change.Key}")}: {problem}{(problem.EndsWith(".", StringComparison.Ordinal) ? "" : ".")}";

    private static string Text(DnsResponseCode code) => code.ToString().ToUpperInvariant();

    // 48 bits reach further than our calendar.
    private static string Time(long seconds) => seconds <= 253402300799
        ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
        : $"{seconds} seconds after 1970";

    private sealed record Change(SignedAnswer Answer, DnsName Zone, string Names, TsigKey? Key);
}
