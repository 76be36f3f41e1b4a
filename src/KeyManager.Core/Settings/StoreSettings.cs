using System;
using System.Collections.Generic;
using System.Globalization;
using KeyManager.Storage;

namespace KeyManager;

/// <summary>The settings of a store: which exist, and how operations read them.</summary>
public static class StoreSettings
{
    public const string AccountsNeedAdministrator = nameof(AccountsNeedAdministrator);
    public const string AuditKeepDays = nameof(AuditKeepDays);
    public const string CertificateKeepDays = nameof(CertificateKeepDays);
    public const string CertificateKeepVersions = nameof(CertificateKeepVersions);
    public const string DefaultKeyAlgorithm = nameof(DefaultKeyAlgorithm);
    public const string DefaultKeyLength = nameof(DefaultKeyLength);
    public const string DefaultKeystoreType = nameof(DefaultKeystoreType);
    public const string MaxAccountsPerAuthority = nameof(MaxAccountsPerAuthority);
    public const string MaxManagedCertificates = nameof(MaxManagedCertificates);
    public const string RenewalNeedsPolicy = nameof(RenewalNeedsPolicy);

    /// <summary>All that exist.</summary>
    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new()
        {
            Name = AccountsNeedAdministrator,
            Default = bool.FalseString,
            Description = "Whether only an administrator (root) may make, change, deactivate, remove and export accounts, and change this setting back.",
            Choices = [bool.FalseString, bool.TrueString],
        },
        new()
        {
            Name = AuditKeepDays,
            Default = "0",
            Description = "Days for which Invoke-KmRenewal keeps lines of the audit trail, 30 at least; 0 keeps them for ever. What is left stays provable.",
            Minimum = 0,
            Maximum = 36500,
        },
        new()
        {
            Name = CertificateKeepDays,
            Default = "0",
            Description = "Days after their end for which Invoke-KmRenewal keeps old versions of certificates; 0 does not look at the days. The current and the previous version stay in any case.",
            Minimum = 0,
            Maximum = 36500,
        },
        new()
        {
            Name = CertificateKeepVersions,
            Default = "0",
            Description = "How many versions of each certificate Invoke-KmRenewal keeps, the current one included, 2 at least; 0 keeps all, unless CertificateKeepDays is set. Where both are set, both must be exceeded.",
            Minimum = 0,
            Maximum = 10000,
        },
        new()
        {
            Name = DefaultKeyAlgorithm,
            Default = nameof(KeyAlgorithm.Ecdsa),
            Description = "Kind of key that orders make when -KeyAlgorithm is not given.",
            Choices = Enum.GetNames(typeof(KeyAlgorithm)),
        },
        new()
        {
            Name = DefaultKeyLength,
            Default = "0",
            Description = "Length of key in bits that orders make when -KeyLength is not given; 0 takes the usual length of the algorithm (RSA 2048, ECDSA 256).",
            Minimum = 0,
            Maximum = 8192,
        },
        new()
        {
            Name = DefaultKeystoreType,
            Default = nameof(KeystoreType.Pkcs12),
            Description = "Keystore that exports make when neither the export nor the order says which.",
            Choices = Enum.GetNames(typeof(KeystoreType)),
        },
        new()
        {
            Name = MaxAccountsPerAuthority,
            Default = "0",
            Description = "Largest number of accounts with one authority and environment; 0 for no limit.",
            Minimum = 0,
            Maximum = 1000,
        },
        new()
        {
            Name = MaxManagedCertificates,
            Default = "0",
            Description = "Largest number of entries in the inventory; 0 for no limit. At the limit new entries stay with their order and are not saved; renewals go on.",
            Minimum = 0,
            Maximum = int.MaxValue,
        },
        new()
        {
            Name = RenewalNeedsPolicy,
            Default = bool.FalseString,
            Description = "Whether Invoke-KmRenewal leaves certificates alone that no policy selects; otherwise it renews them by the usual rule.",
            Choices = [bool.FalseString, bool.TrueString],
        },
    ];

    /// <summary>The value as it is set, or its default.</summary>
    public static string Get(ISettingStore settings, string name)
    {
        Guard.NotNull(settings);
        foreach (SettingDescription setting in All)
        {
            if (string.Equals(setting.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return settings.Find(setting.Name) ?? setting.Default;
            }
        }

        throw new NotFoundException(ErrorIds.SettingNotFound, $"There is no setting '{name}'.") { Target = name, Remedy = "See Get-KmSetting." };
    }

    internal static int GetNumber(ISettingStore settings, string name) => int.Parse(Get(settings, name), CultureInfo.InvariantCulture);

    internal static T GetChoice<T>(ISettingStore settings, string name)
        where T : struct => (T)Enum.Parse(typeof(T), Get(settings, name), ignoreCase: true);
}
