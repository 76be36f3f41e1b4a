using System;
using System.Globalization;
using KeyManager.Providers.Authorities.EmSign.Protocol;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>What the API says no with, as our errors: what it means, in its own words too, and what to do.</summary>
internal static class EmSignErrors
{
    public const string Title = "emSign CERTInext";

    /// <summary>The error that an answer with status 0 means.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="account">The account.</param>
    /// <param name="now">This machine's time.</param>
    public static KeyManagerException Explain(EmSignAnswer answer, AuthorityAccount account, DateTimeOffset now)
    {
        (EmSignProblem problem, string meaning) = EmSignErrorTable.Find(answer.Code);
        string code = answer.Code is int number ? $"EMS-{number.ToString(CultureInfo.InvariantCulture)}" : "without a code";
        string said = $"{Title} refused: {meaning} ({code}{(answer.Message.Length > 0 ? $": {answer.Message.TrimEnd('.')}" : "")}).";
        AuthorityException Refused(string id, string remedy, bool concernsAccount = false) => new(id, said) { Target = account.Name, Remedy = remedy, ConcernsAccount = concernsAccount };
        CredentialException Denied(string id, string message, string remedy) => new(id, message) { Target = account.Name, Remedy = remedy, ConcernsAccount = true };
        return problem switch
        {
            EmSignProblem.Credential => Denied(
                ErrorIds.CredentialRejected,
                said,
                $"The account {account.Name} is for the {(account.Environment == AuthorityEnvironment.Staging ? "sandbox" : "live system")}; each system and region has account numbers and keys of its own. Give the right key with Set-KmAccount {account.Name} -AccessKey, or see in the portal (Integrations) whether it is still active."),
            EmSignProblem.Right => Denied(ErrorIds.RightMissing, said, $"Give the user of the key the right in the portal, or order for another group: Set-KmAccount {account.Name} -Setting @{{ Group = '...' }}; Get-KmGroup lists them."),
            EmSignProblem.Clock => Denied(ErrorIds.ClockWrong, $"{said} {Skew(answer, now)}", "Set the clock of this machine (w32tm /resync, or chronyc makestep), then run the command again; nothing was ordered."),
            EmSignProblem.Funds => Refused(ErrorIds.FundsMissing, "Add credits to the account or group in the portal, then run the same command again; the order is kept and goes on.", true),
            EmSignProblem.Directory => Refused(ErrorIds.DirectoryMismatch, $"Compare with the portal, then fetch what the account has: Sync-KmAccount {account.Name}. Get-KmProduct, Get-KmOrganization, Get-KmGroup and Get-KmDomain show it."),
            EmSignProblem.Agreement => Refused(ErrorIds.DetailsMissing, $"Set-KmAccount {account.Name} -Setting @{{ SignerPlace = 'Berlin'; SignerAddress = '203.0.113.10' }} with the place and the public IP address of whoever signs."),
            EmSignProblem.Request => Refused(ErrorIds.AuthorityRejected, "It takes RSA keys of 2048, 3072 and 4096 bits and the curves P-256 and P-384; the first name of the order has to be the common name."),
            EmSignProblem.NotFound => new NotFoundException(ErrorIds.OrderNotFound, said) { Target = account.Name, Remedy = "See in its portal whether the order belongs to this account." },
            EmSignProblem.State => Refused(ErrorIds.OrderStateInvalid, "Ask how the order stands: Sync-KmCertificateOrder; its portal shows more."),
            EmSignProblem.Pending => new AuthorityException(ErrorIds.OrderStateInvalid, said) { Target = account.Name, IsTransient = true, Remedy = "Nothing is lost; try again later." },
            EmSignProblem.Proof => new ChallengeException(ErrorIds.ChallengeFailed, said) { Target = account.Name, Remedy = "Get-KmChallenge shows what it looks for and where; then Invoke-KmChallenge." },
            EmSignProblem.Internal => new TransportException(ErrorIds.AuthorityUnavailable, said) { Target = account.Name, IsTransient = true, Remedy = "Run the command again later; it asks first what became of the request." },
            EmSignProblem.Defect => Refused(ErrorIds.AuthorityRejected, "This is a mistake of KeyManager or a change of the API: report it with the code."),
            _ => Refused(ErrorIds.AuthorityRejected, "Mend what it names, then run the command again."),
        };
    }

    /// <summary>An answer that is not of this API, or not all of one.</summary>
    public static AuthorityException Unreadable(Uri url, FormatException problem) => ServiceFailures.Unreadable(Title, url, problem);

    private static string Skew(EmSignAnswer answer, DateTimeOffset now) => answer.ServerTime is DateTimeOffset there
        ? FormattableString.Invariant($"It is {now:yyyy-MM-dd HH:mm:ss} UTC by the clock of this machine, and {there:yyyy-MM-dd HH:mm:ss} by the server's: {Math.Abs((now - there).TotalMinutes):0.#} minutes apart.")
        : FormattableString.Invariant($"It is {now:yyyy-MM-dd HH:mm:ss} UTC by the clock of this machine.");
}
