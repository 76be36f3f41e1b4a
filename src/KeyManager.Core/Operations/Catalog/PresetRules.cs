using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Operations;

/// <summary>What has to be right about stored organizations and contacts, whatever authority they are for.</summary>
internal static class PresetRules
{
    public static Organization Check(Organization organization) => organization with
    {
        Country = Country(organization.Country, "-Country"),
        JurisdictionCountry = Country(organization.JurisdictionCountry, "-JurisdictionCountry"),
    };

    public static Contact Check(Contact contact) => contact with { Country = Country(contact.Country, "-Country") };

    /// <summary>Refuses with all that is missing at once.</summary>
    /// <param name="owner">What lacks it, with the cmdlet that mends it.</param>
    /// <param name="details">Each detail by its parameter.</param>
    /// <exception cref="InvalidRequestException">KmDetailsMissing.</exception>
    public static void Require(string owner, IEnumerable<(string Parameter, string? Value)> details)
    {
        List<string> missing = [.. details.Where(d => string.IsNullOrWhiteSpace(d.Value)).Select(d => d.Parameter)];
        if (missing.Count > 0)
        {
            throw new InvalidRequestException(ErrorIds.DetailsMissing, $"{owner} lacks {string.Join(", ", missing)}.") { Target = owner, Remedy = "Give all of them in one go." };
        }
    }

    private static string? Country(string? code, string parameter)
    {
        if (string.IsNullOrWhiteSpace(code))
        {
            return null;
        }

        string upper = code!.Trim().ToUpperInvariant();
        return upper.Length == 2 && upper.All(c => c is >= 'A' and <= 'Z')
            ? upper
            : throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{code}' is not a country code.") { Target = code, Remedy = $"Give the two letters of ISO 3166 with {parameter}, such as DE or US." };
    }
}
