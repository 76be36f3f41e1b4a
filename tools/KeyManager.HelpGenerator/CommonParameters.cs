using System.Collections.Generic;
using System.Xml.Linq;

namespace KeyManager.HelpGenerator;

/// <summary>The parameters that PowerShell adds to a cmdlet that supports ShouldProcess.</summary>
internal static class CommonParameters
{
    public static IReadOnlyList<ParameterHelp> ShouldProcess { get; } =
    [
        Switch("WhatIf", "wi", "Shows what would happen if the cmdlet runs. Nothing is changed."),
        Switch("Confirm", "cf", "Prompts for confirmation before each change."),
    ];

    private static ParameterHelp Switch(string name, string alias, string summary) =>
        new(name, "System.Management.Automation.SwitchParameter", "SwitchParameter", [new ParameterUse(ParameterUse.AllSets, false, null, false, false)])
        {
            IsSwitch = true,
            Aliases = [alias],
            Documentation = new XElement("member", new XElement("summary", summary)),
        };
}
