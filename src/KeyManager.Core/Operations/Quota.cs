using System.Globalization;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>The largest number of entries that the inventory may hold: the setting MaxManagedCertificates.</summary>
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

    public static bool HasRoom(IStoreSession session, string entryName) => HasRoom(session, entryName, out _);

    private static bool HasRoom(IStoreSession session, string entryName, out int limit)
    {
        limit = StoreSettings.GetNumber(session.Settings, StoreSettings.MaxManagedCertificates);
        return limit == 0 || session.Certificates.FindCurrent(entryName) is not null || session.Certificates.CountCurrent() < limit;
    }
}
