using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;

namespace KeyManager.HelpGenerator;

/// <summary>Finds what a user would miss.</summary>
internal static class HelpChecker
{
    /// <summary>One sentence for each thing that is missing.</summary>
    public static IEnumerable<string> Problems(CmdletHelp cmdlet)
    {
        if (IsEmpty(cmdlet.Documentation?.Element("summary")))
        {
            yield return $"{cmdlet.Name} has no <summary>; it is what Get-Help shows as the synopsis.";
        }

        List<XElement> examples = cmdlet.Documentation?.Elements("example").ToList() ?? [];
        if (examples.Count == 0)
        {
            yield return $"{cmdlet.Name} has no <example>; write <example><code>{cmdlet.Name} ...</code><para>What it does.</para></example>.";
        }

        if (examples.Any(e => IsEmpty(e.Element("code"))))
        {
            yield return $"{cmdlet.Name} has an <example> without <code>.";
        }

        foreach (ParameterHelp parameter in cmdlet.Parameters.Where(p => IsEmpty(p.Documentation?.Element("summary"))))
        {
            yield return $"{cmdlet.Name} -{parameter.Name} has no <summary>.";
        }
    }

    private static bool IsEmpty(XElement? element) => string.IsNullOrWhiteSpace(element?.Value) && element?.HasElements != true;
}
