using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Authorities;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>How much a store may hold: the settings MaxManagedCertificates and MaxAccountsPerAuthority.</summary>
internal static class Quota
{
    /// <summary>Passes when the entry exists already, or there is room for one more.</summary>
    /// <param name="target">What could not be added.</param>
    /// <param name="afterwards">What becomes of it, and what to do once there is room.</param>
    /// <exception cref="ConflictException">KmCertificateQuotaExceeded.</exception>
    public static void Check(IStoreSession session, string entryName, string target, string afterwards)
    {
        if (HasRoom(session, entryName, out int limit))
        {
            return;
        }

        throw new ConflictException(
            ConflictKind.State,
            ErrorIds.CertificateQuotaExceeded,
            string.Format(CultureInfo.InvariantCulture, "The inventory holds as many certificates as the setting {1} allows: {0}.", limit, StoreSettings.MaxManagedCertificates))
        {
            Target = target,
            Remedy = $"Raise the limit with Set-KmSetting {StoreSettings.MaxManagedCertificates}, or remove entries. {afterwards}",
        };
    }

    /// <summary>Passes when another account with the authority is allowed: the setting MaxAccountsPerAuthority.</summary>
    /// <exception cref="ConflictException">KmAccountAlreadyExists.</exception>
    public static void CheckAccounts(IStoreSession session, AuthorityDescription authority, AuthorityEnvironment environment)
    {
        int limit = StoreSettings.GetNumber(session.Settings, StoreSettings.MaxAccountsPerAuthority);
        List<AuthorityAccount> accounts = session.Accounts.List()
            .Where(a => a.Authority == authority.Name && a.Environment == environment && a.Status != AccountStatus.Deactivated).ToList();
        if (limit > 0 && accounts.Count >= limit)
        {
            throw new ConflictException(
                ConflictKind.Exists,
                ErrorIds.AccountAlreadyExists,
                string.Format(CultureInfo.InvariantCulture, "There is an account with {0} already ({1}), and the setting {2} allows {3}.", authority.Title, accounts[0].Name, StoreSettings.MaxAccountsPerAuthority, limit))
            {
                Target = authority.Name,
                Remedy = $"Use that account, remove it, or raise the limit with Set-KmSetting {StoreSettings.MaxAccountsPerAuthority}.",
            };
        }
    }

    public static bool HasRoom(IStoreSession session, string entryName) => HasRoom(session, entryName, out _);

    private static bool HasRoom(IStoreSession session, string entryName, out int limit)
    {
        limit = StoreSettings.GetNumber(session.Settings, StoreSettings.MaxManagedCertificates);
        return limit == 0 || session.Certificates.FindCurrent(entryName) is not null || session.Certificates.CountCurrent() < limit;
    }
}
