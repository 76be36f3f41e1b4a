using System.Collections.Generic;
using System.Xml.Linq;

namespace KeyManager.HelpGenerator;

/// <summary>One parameter of a cmdlet.</summary>
/// <param name="Name">Its name, without the dash.</param>
/// <param name="TypeName">Full name of its type.</param>
/// <param name="ShortTypeName">The type as users write it.</param>
/// <param name="Uses">How it appears in each parameter set.</param>
internal sealed record ParameterHelp(string Name, string TypeName, string ShortTypeName, IReadOnlyList<ParameterUse> Uses)
{
    /// <summary>The doc comment of the property; null when there is none.</summary>
    public XElement? Documentation { get; init; }

    public bool IsSwitch { get; init; }

    public bool TakesWildcards { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The only values there are (an enumeration, ValidateSet); empty when any will do.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
