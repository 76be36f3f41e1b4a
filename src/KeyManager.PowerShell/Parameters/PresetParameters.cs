using System.Collections.Generic;
using System.Linq;

namespace KeyManager.PowerShell;

/// <summary>What the cmdlets of organizations and contacts do with the details that they are given.</summary>
internal static class PresetParameters
{
    /// <summary>Refuses with all that is missing at once. The parameters are not mandatory for PowerShell, which would prompt for one after the other, and hang a task.</summary>
    /// <exception cref="InvalidRequestException">KmDetailsMissing.</exception>
    public static void Require(string owner, params (string Parameter, string? Value)[] details)
    {
        List<string> missing = [.. details.Where(d => Blank.ToNull(d.Value) is null).Select(d => d.Parameter)];
        if (missing.Count > 0)
        {
            throw new InvalidRequestException(ErrorIds.DetailsMissing, $"{owner} lacks {string.Join(", ", missing)}.") { Target = owner, Remedy = "Give all of them." };
        }
    }

    /// <summary>The detail as it is from now on: what is given, nothing for an empty text, or what it was.</summary>
    /// <exception cref="InvalidRequestException">KmDetailsMissing: an empty text where one is needed.</exception>
    public static string? Merge(string parameter, string? given, string? before, bool isNeeded = false)
    {
        if (isNeeded && given is not null && Blank.ToNull(given) is null)
        {
            throw new InvalidRequestException(ErrorIds.DetailsMissing, $"-{parameter} cannot be taken away.") { Target = parameter, Remedy = "Give another text." };
        }

        return given is null ? before : Blank.ToNull(given)?.Trim();
    }
}
