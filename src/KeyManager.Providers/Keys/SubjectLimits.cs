using System.Linq;

namespace KeyManager.Providers.Keys;

/// <summary>The upper bounds of RFC 5280 appendix A.1. Authorities refuse what exceeds them, often with words that help nobody.</summary>
internal static class SubjectLimits
{
    /// <exception cref="InvalidRequestException">KmInvalidParameter, naming the part.</exception>
    public static void Check(SubjectName? subject, string? commonName)
    {
        CheckLength("common name", commonName, 64);
        if (subject is null)
        {
            return;
        }

        CheckLength("organization", subject.Organization, 64);
        foreach (string unit in subject.OrganizationalUnits)
        {
            CheckLength("organizational unit", unit, 64);
        }

        CheckLength("locality", subject.Locality, 128);
        CheckLength("state", subject.State, 128);
        CheckLength("e-mail address", subject.Email, 255);
        if (subject.Email is { } email && email.Any(c => c > 127))
        {
            throw Invalid("e-mail address", email, "holds a character outside ASCII", "Use an address in ASCII.");
        }

        string country = (subject.Country ?? "").Trim();
        if (country.Length > 0 && (country.Length != 2 || !country.All(c => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z'))))
        {
            throw Invalid("country", country, "is not a country code", "Use the two letters of ISO 3166, for example DE.");
        }
    }

    private static void CheckLength(string part, string? value, int maximum)
    {
        if (value?.Trim().Length > maximum)
        {
            throw Invalid(part, value, $"is longer than {maximum} characters", "Shorten it.");
        }
    }

    private static InvalidRequestException Invalid(string part, string value, string problem, string remedy) =>
        new(ErrorIds.InvalidParameter, $"The {part} '{value}' {problem}.") { Target = value, Remedy = remedy };
}
