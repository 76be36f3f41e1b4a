using System.Collections.Generic;
using System.Xml.Linq;

namespace KeyManager.HelpGenerator;

/// <summary>One cmdlet, as its metadata and its doc comment describe it.</summary>
internal sealed record CmdletHelp(string Verb, string Noun, string DefaultParameterSet, IReadOnlyList<ParameterHelp> Parameters, IReadOnlyList<string> Outputs)
{
    public string Name => Verb + "-" + Noun;

    /// <summary>The doc comment of the class; null when there is none.</summary>
    public XElement? Documentation { get; init; }

    /// <summary>Where Get-Help -Online goes; empty for nowhere.</summary>
    public string HelpUri { get; init; } = "";
}
