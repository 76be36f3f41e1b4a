using System;
using System.Collections.Generic;
using System.Globalization;

namespace KeyManager;

/// <summary>Settings of accounts that operations read, whatever the authority.</summary>
public static class AccountSettings
{
    /// <summary>DNS server to ask whether a record can be seen.</summary>
    public const string Resolver = nameof(Resolver);

    /// <summary>Name of the stored organization that orders use when they name none.</summary>
    public const string Organization = nameof(Organization);

    /// <summary>Name of the stored contact that orders use as administrator when they name none.</summary>
    public const string AdminContact = nameof(AdminContact);

    /// <summary>Name of the stored contact that orders use as requester when they name none.</summary>
    public const string Requester = nameof(Requester);

    /// <summary>Name of the stored contact that orders use as technician when they name none.</summary>
    public const string TechnicalContact = nameof(TechnicalContact);

    /// <summary>Day on which the token, secret or key ends at the service.</summary>
    public const string CredentialExpires = nameof(CredentialExpires);

    /// <summary>How many renewals may be ordered in an hour.</summary>
    public const string RenewalsPerHour = nameof(RenewalsPerHour);

    /// <summary>Of every account that has credentials from somebody else, at an authority or a DNS service.</summary>
    public static SettingDescription CredentialTerm { get; } = new()
    {
        Name = CredentialExpires,
        Default = "",
        IsDate = true,
        Description = "Day on which the token, secret or key ends at the service, such as 2027-05-31: notices tell of it from 30 days before. A new secret takes it back.",
    };

    /// <summary>Of every authority out there.</summary>
    public static IReadOnlyList<SettingDescription> OfAll { get; } =
    [
        CredentialTerm,
        new()
        {
            Name = RenewalsPerHour,
            Default = "",
            Minimum = 1,
            Maximum = 100_000,
            Description = "Most renewals that Invoke-KmRenewal orders with the account in an hour, by all processes together; the others wait. Empty: as many as are due.",
        },
    ];

    /// <summary>The end of the day on which the credentials end (UTC); <c>null</c> when nobody said.</summary>
    internal static DateTimeOffset? CredentialEnd(IReadOnlyDictionary<string, string> settings) =>
        settings.TryGetValue(CredentialExpires, out string? day) && DateTimeOffset.TryParse(day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset start) ? start.AddDays(1) : null;

    /// <summary>How many renewals may be ordered in an hour; <c>null</c> for any number.</summary>
    internal static int? HourlyRenewals(IReadOnlyDictionary<string, string> settings) =>
        settings.TryGetValue(RenewalsPerHour, out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int most) ? most : null;
}
