using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns.Services.Rfc2136;

/// <summary>Reads the names that a user gives for an update.</summary>
internal static class UpdateNames
{
    /// <exception cref="InvalidRequestException">KmInvalidParameter: not a name of the DNS, or one that is not written in A-labels.</exception>
    public static DnsName Parse(string text, string what)
    {
        try
        {
            return DnsName.Parse(text.Trim());
        }
        catch (DnsException error)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{text}' is no {what} name: {error.Message}", error)
            {
                Target = text,
                Remedy = "Labels of 1 to 63 characters with dots between them, international ones as xn--…, at most 255 octets together.",
            };
        }
    }
}
