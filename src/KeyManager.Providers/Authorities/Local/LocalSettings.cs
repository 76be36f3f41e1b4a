using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Authorities;

namespace KeyManager.Providers.Authorities.Local;

/// <summary>The settings of a private authority, as an account holds them.</summary>
internal sealed class LocalSettings
{
    private readonly IReadOnlyDictionary<string, string> _values;

    public LocalSettings(IReadOnlyDictionary<string, string> values) => _values = values;

    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = "Organization", Default = "", Description = "Organization in the names of root and issuing authority.", IsChangeable = false },
        new()
        {
            Name = "KeyAlgorithm", Default = nameof(KeyAlgorithm.Ecdsa), Choices = [nameof(KeyAlgorithm.Ecdsa), nameof(KeyAlgorithm.Rsa)], IsChangeable = false,
            Description = "Kind of the authority's own keys.",
        },
        new()
        {
            Name = "KeyLength", Default = "0", Minimum = 0, Maximum = 8192, IsChangeable = false,
            Description = "Length of the authority's own keys in bits; 0 takes ECDSA 256 or RSA 3072.",
        },
        new() { Name = "RootYears", Default = "20", Minimum = 1, Maximum = 50, IsChangeable = false, Description = "Life of the root in years, 1 to 50." },
        new() { Name = "IssuingYears", Default = "5", Minimum = 1, Maximum = 30, Description = "Life of an issuing authority in years, 1 to 30; a new one is made in time by itself." },
        new() { Name = "ValidityDays", Default = "90", Minimum = 1, Maximum = 3650, Description = "Life of a certificate in days when the order does not say." },
        new() { Name = "MaxValidityDays", Default = "398", Minimum = 1, Maximum = 3650, Description = "Longest life of a certificate in days that an order may ask for." },
        new()
        {
            Name = "AllowedNames", Default = "*",
            Description = "Names it issues for, separated by commas: contoso.com means that name and all below it, 10.0.0.0/8 a range of addresses, * everything.",
        },
        new() { Name = "CrlPath", Default = "", Description = "Full path of the folder into which the revocation lists are written, made when it does not exist; empty takes the folder of the store." },
        new() { Name = "CrlUrl", Default = "", Description = "URL of the folder at which clients find the revocation lists; empty puts none into certificates." },
        new() { Name = "CrlDays", Default = "7", Minimum = 1, Maximum = 365, Description = "Days for which a revocation list is good." },
        new()
        {
            Name = "Validation", Default = "None", Choices = ["None", nameof(ChallengeType.Http01), nameof(ChallengeType.Dns01), "Any"],
            Description = "How control of a name has to be proved before a certificate is issued.",
        },
        new() { Name = "ValidationAddress", Default = "", Description = "Address and port to which http-01 checks connect instead of resolving the name, such as 127.0.0.1:8080." },
        new() { Name = "ValidationResolver", Default = "", Description = "DNS server, address and port, that dns-01 checks ask; empty asks the system's." },
    ];

    public string? Organization => Text("Organization");

    public KeySpec KeySpec
    {
        get
        {
            KeyAlgorithm algorithm = (KeyAlgorithm)Enum.Parse(typeof(KeyAlgorithm), Value("KeyAlgorithm"));
            int length = Number("KeyLength");
            return KeySpec.Create(algorithm, length != 0 ? length : algorithm == KeyAlgorithm.Rsa ? 3072 : 256);
        }
    }

    public int RootYears => Number("RootYears");

    public int IssuingYears => Number("IssuingYears");

    public int ValidityDays => Number("ValidityDays");

    public int MaxValidityDays => Number("MaxValidityDays");

    public string AllowedNames => Value("AllowedNames");

    public string? CrlPath => Text("CrlPath");

    public string? CrlUrl => Text("CrlUrl");

    public int CrlDays => Number("CrlDays");

    /// <summary>The challenge types it sets; empty when nothing has to be proved.</summary>
    public IReadOnlyList<ChallengeType> Validation => Value("Validation") switch
    {
        nameof(ChallengeType.Http01) => [ChallengeType.Http01],
        nameof(ChallengeType.Dns01) => [ChallengeType.Dns01],
        "Any" => [ChallengeType.Http01, ChallengeType.Dns01],
        _ => [],
    };

    public string? ValidationAddress => Text("ValidationAddress");

    public string? ValidationResolver => Text("ValidationResolver");

    public static LocalSettings Of(AuthorityContext context) => new(context.Account.Settings);

    private string? Text(string name) => Value(name) is { Length: > 0 } value ? value : null;

    private int Number(string name) => int.Parse(Value(name), CultureInfo.InvariantCulture);

    private string Value(string name) => _values.TryGetValue(name, out string? value) ? value : All.First(s => s.Name == name).Default;
}
