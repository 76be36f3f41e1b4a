using System;
using System.Collections.Generic;
using System.Globalization;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Providers.Authorities.SslStore.Protocol;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Authorities.SslStore;

/// <summary>The settings of an account with The SSL Store.</summary>
internal sealed class SslStoreSettings(IReadOnlyDictionary<string, string> values) : ConnectionSettings(values, Addresses)
{
    public const string PartnerCodeName = "PartnerCode";
    public const string CsrEncodingName = "CsrEncoding";
    public const string DnsRecordName = "DnsRecord";
    public const string EchoCheckName = "EchoCheck";
    public const string ImportPageSizeName = "ImportPageSize";

    public const string Live = "https://api.thesslstore.com/rest/";
    public const string Sandbox = "https://sandbox-wbapi.thesslstore.com/rest/";

    /// <summary>Where the API is.</summary>
    public static IReadOnlyDictionary<AuthorityEnvironment, string> Addresses { get; } = new Dictionary<AuthorityEnvironment, string>
    {
        [AuthorityEnvironment.Production] = Live,
        [AuthorityEnvironment.Staging] = Sandbox,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = PartnerCodeName, Default = "", Description = "The partner code (Partner ID) that The SSL Store gave you.", IsChangeable = false },
        .. Describe("https://wbapi.thesslstore.com/rest/ or https://api.thesslstore.eu/rest/"),
        new() { Name = AccountSettings.Organization, Default = "", Description = "Name of the stored organization that OV and EV orders use when they name none." },
        new() { Name = AccountSettings.AdminContact, Default = "", Description = "Name of the stored contact that orders use as administrator when they name none." },
        new() { Name = AccountSettings.TechnicalContact, Default = "", Description = "Name of the stored contact that orders use as technician when they name none; empty takes the administrator." },
        new()
        {
            Name = CsrEncodingName,
            Default = CsrEncoding.Auto,
            Description = "How certificate requests are sent. Auto tries the forms one after the other with a question that orders nothing.",
            Choices = [CsrEncoding.Auto, .. CsrEncoding.Tried],
        },
        new()
        {
            Name = DnsRecordName,
            Default = "Auto",
            Description = "Kind of DNS record that proves control. Auto takes CNAME where the value is a host name, TXT otherwise.",
            Choices = ["Auto", "Cname", "Txt"],
        },
        new()
        {
            Name = EchoCheckName,
            Default = "Warn",
            Description = "What to do when an answer gives back another token than its request had, so that it may belong to another one: Warn, or Fail.",
            Choices = ["Warn", "Fail"],
        },
        new() { Name = ImportPageSizeName, Default = "100", Description = "How many orders an import asks for at once, 10 to 1000.", Minimum = 10, Maximum = 1000 },
    ];

    public string PartnerCode => Get(PartnerCodeName) ?? "";

    public string RequestEncoding => Get(CsrEncodingName) ?? CsrEncoding.Auto;

    public string DnsRecord => Get(DnsRecordName) ?? "Auto";

    public bool FailsOnOtherEcho => Get(EchoCheckName) == "Fail";

    public int ImportPageSize => int.Parse(Get(ImportPageSizeName) ?? "100", CultureInfo.InvariantCulture);

    public static SslStoreSettings Of(AuthorityAccount account) => new(account.Settings);
}
