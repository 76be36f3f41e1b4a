using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>The settings of an account with emSign. Where the documents of the API contradict each other, a setting decides; its default is what was seen to work.</summary>
internal sealed class EmSignSettings(IReadOnlyDictionary<string, string> values) : ConnectionSettings(values, Addresses)
{
    public const string AccountNumberName = "AccountNumber";
    public const string RegionName = "Region";
    public const string GroupName = "Group";
    public const string SignerPlaceName = "SignerPlace";
    public const string SignerAddressName = "SignerAddress";
    public const string TxtRecordName = "TxtRecordName";
    public const string GroupPlaceName = "GroupPlace";
    public const string TechnicalContactFormName = "TechnicalContactForm";
    public const string MoreNamesMemberName = "MoreNamesMember";
    public const string AccountingModelName = "AccountingModel";
    public const string EmailNotificationsName = "EmailNotifications";
    public const string RenewByAuthorityName = "RenewByAuthority";
    public const string ReferenceTagName = "ReferenceTag";
    public const string ImportPageSizeName = "ImportPageSize";

    public const string Global = "https://api.certinext.io/emSignHub-API/";
    public const string Us = "https://us-api.certinext.io/emSignHub-API/";
    public const string Sandbox = "https://sandbox-us-api.certinext.io/emSignHub-API/";

    private const string Place = "{domain}";

    /// <summary>Where the API is.</summary>
    public static IReadOnlyDictionary<AuthorityEnvironment, string> Addresses { get; } = new Dictionary<AuthorityEnvironment, string>
    {
        [AuthorityEnvironment.Production] = Global,
        [AuthorityEnvironment.Staging] = Sandbox,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = AccountNumberName, Default = "", Description = "The number of the account, which the portal shows with the access key.", IsChangeable = false },
        new() { Name = RegionName, Default = "Global", Description = "Which of the live systems the account is with: Global (in.certinext.io) or Us (us.certinext.io).", Choices = ["Global", "Us"] },
        .. Describe(Us),
        new() { Name = GroupName, Default = "", Description = "Number of the group that orders belong to; empty takes a group of the organization, else the account's default group." },
        new() { Name = AccountSettings.Organization, Default = "", Description = "Name or number of the organization that orders use when they name none. With one that emSign has validated DV orders are issued faster too." },
        new() { Name = AccountSettings.Requester, Default = "", Description = "Name of the stored contact that orders use as requester when they name none." },
        new() { Name = AccountSettings.TechnicalContact, Default = "", Description = "Name of the stored contact that orders use as technician when they name none; empty takes the requester." },
        new() { Name = SignerPlaceName, Default = "", Description = "Where the requester signs the subscriber agreement, such as Berlin. With it and SignerAddress orders sign the agreement in the requester's name." },
        new() { Name = SignerAddressName, Default = "", Description = "Public IP address from which the requester signs the subscriber agreement." },
        new()
        {
            Name = TxtRecordName,
            Default = "_emsign-validation." + Place,
            Description = "Name of the TXT record that proves control, with {domain} in the place of the domain. The documents name _emsign-validation.{domain} and _emudhra-challenge.{domain}.",
        },
        new() { Name = GroupPlaceName, Default = "Delegation", Description = "Where an order names its group: in delegationInformation, or in the order itself.", Choices = ["Delegation", "Order"] },
        new()
        {
            Name = TechnicalContactFormName,
            Default = "Tpc",
            Description = "How an order writes the technical contact: Tpc (tpcName), Poc (pocName, in additionalInformation), PocNames (pocFirstName, pocLastName), or None.",
            Choices = ["Tpc", "Poc", "PocNames", "None"],
        },
        new()
        {
            Name = MoreNamesMemberName,
            Default = "additionalDomains",
            Description = "What an order calls the names beside the first.",
            Choices = ["additionalDomains", "additionalDomainNames"],
        },
        new() { Name = AccountingModelName, Default = "2", Description = "How orders are paid: 1 cash, 2 credit.", Choices = ["1", "2"] },
        new() { Name = EmailNotificationsName, Default = "0", Description = "Whether emSign sends mails about orders: 0 no, 1 yes.", Choices = ["0", "1"] },
        new() { Name = RenewByAuthorityName, Default = "0", Description = "Days before the end at which emSign renews by itself within a subscription: 30, 60, or 0 to leave it to KeyManager.", Choices = ["0", "30", "60"] },
        new() { Name = ReferenceTagName, Default = "Yes", Description = "Whether orders carry a tag with our reference, by which one whose answer got lost is found again.", Choices = ["Yes", "No"] },
        new() { Name = ImportPageSizeName, Default = "100", Description = "How many orders an import asks for at once, 10 to 500. The documents promise 100.", Minimum = 10, Maximum = 500 },
    ];

    public string AccountNumber => Get(AccountNumberName) ?? "";

    public string? Group => Get(GroupName);

    public string? SignerPlace => Get(SignerPlaceName);

    public string? SignerAddress => Get(SignerAddressName);

    /// <summary>True when orders can sign the subscriber agreement.</summary>
    public bool CanSign => SignerPlace is not null && SignerAddress is not null;

    public bool NamesGroupInOrder => Get(GroupPlaceName) == "Order";

    public string TechnicalContactForm => Get(TechnicalContactFormName) ?? "Tpc";

    public string MoreNamesMember => Get(MoreNamesMemberName) ?? "additionalDomains";

    public string AccountingModel => Get(AccountingModelName) ?? "2";

    public string EmailNotifications => Get(EmailNotificationsName) ?? "0";

    /// <summary>30 or 60; <c>null</c> when emSign shall not renew.</summary>
    public string? RenewsBefore => Get(RenewByAuthorityName) is string days && days != "0" ? days : null;

    public bool SendsReference => Get(ReferenceTagName) != "No";

    public int ImportPageSize => int.Parse(Get(ImportPageSizeName) ?? "100", CultureInfo.InvariantCulture);

    public static EmSignSettings Of(AuthorityAccount account) => new(account.Settings);

    /// <summary>The name of the TXT record for a domain.</summary>
    public string TxtRecord(string domain) => (Get(TxtRecordName) ?? "_emsign-validation." + Place).Replace(Place, domain);

    public override void Check(AuthorityEnvironment environment)
    {
        base.Check(environment);
        if (Get(TxtRecordName) is string template && template.IndexOf(Place, StringComparison.Ordinal) < 0)
        {
            throw Invalid(TxtRecordName, template, $"has no {Place} in it", $"Write it as _emsign-validation.{Place}.");
        }

        if (SignerAddress is string address && !(IPAddress.TryParse(address, out IPAddress? ip) && IsPublic(ip)))
        {
            throw Invalid(SignerAddressName, address, "is not a public IP address", "Give the address with which the signer is seen on the Internet; emSign refuses 127.0.0.1 and the like.");
        }

        if (Get(GroupName) is string group && !group.All(char.IsDigit))
        {
            throw Invalid(GroupName, group, "is not the number of a group", "Get-KmGroup shows the numbers.");
        }
    }

    protected override string Address(AuthorityEnvironment environment) => environment == AuthorityEnvironment.Production && Get(RegionName) == "Us" ? Us : base.Address(environment);

    private static bool IsPublic(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal && !address.IsIPv6SiteLocal && !address.IsIPv6Multicast && (bytes[0] & 0xFE) != 0xFC && !address.Equals(IPAddress.IPv6Any)
            : !(bytes[0] is 0 or 10 or 127 or >= 224 || (bytes[0] == 172 && bytes[1] is >= 16 and <= 31) || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254)
                || (bytes[0] == 100 && bytes[1] is >= 64 and <= 127));
    }

    private static InvalidRequestException Invalid(string setting, string value, string what, string remedy) =>
        new(ErrorIds.InvalidSetting, $"The setting {setting} {what}: '{value}'.") { Target = value, Remedy = remedy };
}
