using System;
using System.Globalization;
using System.Text.RegularExpressions;
using KeyManager.Providers.Authorities.SslStore.Protocol;

namespace KeyManager.Providers.Authorities.SslStore;

/// <summary>What the API says no with, as our errors: in its own words, and what to do.</summary>
internal static class SslStoreErrors
{
    public const string Title = "The SSL Store";

    /// <summary>Wrong credentials, or of the other of the two systems.</summary>
    private const int BadCredentials = -9008;

    private static readonly Regex Credentials = new(
        @"token\W*(/\W*)?authentication|authentication\W+fail|invalid\W+(partner\W*code|auth\W*token|credential)|(partner\W*code|auth\W*token)\W+(is\W+)?(invalid|incorrect|wrong|not\W+valid)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(1));

    private static readonly Regex Funds = new(
        @"(insufficient|not\W+enough|low|no)\W+(\w+\W+)?(fund|balance|credit)|credit\W+limit|(fund|balance|credit)s?\W+(is|are)\W+(insufficient|too\W+low|exceeded)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(1));

    /// <summary>The error that an answer with isError means.</summary>
    public static KeyManagerException Explain(ApiAnswer answer, AuthorityAccount account)
    {
        string code = answer.Code is int number ? number.ToString(CultureInfo.InvariantCulture) : "without a number";
        string said = $"{Title} refused ({code}): {(answer.Message.Length > 0 ? answer.Message : "it gave no reason")}";
        if (answer.Code == BadCredentials || Credentials.IsMatch(answer.Message))
        {
            string here = account.Environment == AuthorityEnvironment.Staging ? "the sandbox" : "the live system";
            return new CredentialException(ErrorIds.CredentialRejected, said)
            {
                Target = account.Name,
                ConcernsAccount = true,
                Remedy = $"The account {account.Name} is for {here}; the live system and the sandbox have partner codes and tokens of their own. Give the right token with Set-KmAccount {account.Name} -AuthToken, or make an account for the other system (-Environment).",
            };
        }

        return Funds.IsMatch(answer.Message)
            ? new AuthorityException(ErrorIds.FundsMissing, said)
            {
                Target = account.Name,
                ConcernsAccount = true,
                Remedy = "Put money on the account at The SSL Store, then run the same command again; the order is kept and goes on.",
            }
            : new AuthorityException(ErrorIds.AuthorityRejected, said) { Remedy = "Mend what it names, then run the command again." };
    }

    /// <summary>An answer that is not of this API, or not all of one.</summary>
    public static AuthorityException Unreadable(Uri url, FormatException problem) => ServiceFailures.Unreadable(Title, url, problem);
}
