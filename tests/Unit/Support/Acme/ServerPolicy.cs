using System;
using System.Collections.Generic;

namespace KeyManager.Tests.Support.Acme;

/// <summary>What the authority allows and asks for. Change it at any time.</summary>
public sealed class ServerPolicy
{
    public Uri? TermsOfService { get; set; } = new("https://ca.example/terms/1.pdf");

    public Uri? Website { get; set; } = new("https://ca.example/");

    public IReadOnlyList<string> CaaIdentities { get; set; } = ["ca.example"];

    /// <summary>New accounts need an external account binding.</summary>
    public bool RequiresExternalAccount { get; set; }

    /// <summary>MAC keys of external accounts by kid. A binding is checked even when it is not required.</summary>
    public Dictionary<string, byte[]> ExternalAccounts { get; } = [];

    /// <summary>A binding is good for one account only.</summary>
    public bool ExternalAccountsAreSingleUse { get; set; }

    public bool RequiresContact { get; set; }

    /// <summary>EdDSA with Ed25519 (RFC 8037) signs for accounts too.</summary>
    public bool AllowsEd25519Accounts { get; set; }

    /// <summary>Profiles by name; announced in the directory unless empty.</summary>
    public Dictionary<string, AcmeProfile> Profiles { get; } = [];

    /// <summary>What applies when an order names no profile.</summary>
    public AcmeProfile DefaultProfile { get; set; } = new("The default", TimeSpan.FromDays(90));

    /// <summary>What is offered, as far as it suits the identifier. Add "dns-account-01", "dns-persist-01" or a type nobody knows, such as "device-attest-77".</summary>
    public List<string> ChallengeTypes { get; } = ["http-01", "dns-01", "tls-alpn-01"];

    public bool AllowsWildcards { get; set; } = true;

    public bool AllowsIpAddresses { get; set; } = true;

    /// <summary>Whether notBefore and notAfter may stand in an order.</summary>
    public bool AllowsDates { get; set; } = true;

    public int MostNames { get; set; } = 100;

    /// <summary>Keys that a certificate may have: "EC P-256", "RSA 2048".</summary>
    public Func<string, bool> AllowsKey { get; set; } = kind => kind is "EC P-256" or "EC P-384" or "EC P-521" || IsRsaUpTo4096(kind);

    /// <summary>Names that are refused: by identifier, the last part of the error's type and its detail.</summary>
    public Dictionary<string, (string Type, string Detail)> RefusedIdentifiers { get; } = new(StringComparer.Ordinal);

    /// <summary>Reasons that a revocation may give (RFC 5280 §5.3.1).</summary>
    public List<int> RevocationReasons { get; } = [0, 1, 3, 4, 5];

    /// <summary>A valid authorization of the account serves later orders too.</summary>
    public bool ReusesAuthorizations { get; set; }

    /// <summary>An order like one that is not finished gives that one.</summary>
    public bool ReusesOrders { get; set; }

    /// <summary>Accounts have a list of their orders.</summary>
    public bool ServesOrderLists { get; set; } = true;

    public int OrdersPerPage { get; set; } = 3;

    /// <summary>Renewal information (RFC 9773) and "replaces".</summary>
    public bool ServesRenewalInfo { get; set; } = true;

    public bool ServesKeyChange { get; set; } = true;

    public bool ServesAlternateChain { get; set; } = true;

    public TimeSpan RenewalInfoRetryAfter { get; set; } = TimeSpan.FromHours(6);

    public TimeSpan OrderLifetime { get; set; } = TimeSpan.FromDays(7);

    public TimeSpan AuthorizationLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>What Buypass Go SSL was: 180 days, five names, no wildcards, no addresses, a contact needed, EC P-256 and P-384 or RSA 2048 to 4096.</summary>
    public static ServerPolicy BuypassShaped() => new()
    {
        CaaIdentities = ["buypass.com", "buypass.no"],
        RequiresContact = true,
        DefaultProfile = new AcmeProfile("Go SSL", TimeSpan.FromDays(180)),
        AllowsWildcards = false,
        AllowsIpAddresses = false,
        AllowsDates = false,
        MostNames = 5,
        AllowsKey = kind => kind is "EC P-256" or "EC P-384" || IsRsaUpTo4096(kind),
        ServesRenewalInfo = false,
        ServesOrderLists = false,
    };

    private static bool IsRsaUpTo4096(string kind) =>
        kind.StartsWith("RSA ", StringComparison.Ordinal) && int.TryParse(kind.Substring(4), out int bits) && bits is >= 2048 and <= 4096;
}
