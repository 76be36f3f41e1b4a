using System;
using System.Linq;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services;

/// <summary>Reads keys and tokens as people paste them.</summary>
internal static class PastedKey
{
    /// <summary>A key or token without the white space and the pair of quotes that came along; <c>null</c> when there is none.</summary>
    /// <exception cref="InvalidRequestException">
    /// KmInvalidSetting: white space or an unprintable character is inside. Such a header would never be sent, or end up in somebody else's error.
    /// </exception>
    public static string? Read(DnsContext context, string setting)
    {
        string? text = context.GetSecretText(setting);
        if (text is null)
        {
            return null;
        }

        if (text.Length >= 2 && text[0] is '"' or '\'' && text[text.Length - 1] == text[0])
        {
            text = text.Substring(1, text.Length - 2).Trim();
        }

        return text.Length > 0 && text.All(c => c is > ' ' and <= '~')
            ? text
            : throw Wrong(setting, text.Length == 0 ? "is empty" : "has white space or other characters inside that no key has", "Copy it again, alone and in one piece.");
    }

    /// <summary>KmInvalidSetting for a secret, which is not shown.</summary>
    public static InvalidRequestException Wrong(string setting, string problem, string remedy) =>
        new(ErrorIds.InvalidSetting, $"The setting {setting} {problem}.") { Target = setting, Remedy = remedy };
}
