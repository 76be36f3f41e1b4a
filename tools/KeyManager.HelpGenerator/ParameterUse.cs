namespace KeyManager.HelpGenerator;

/// <summary>How a parameter appears in one parameter set.</summary>
/// <param name="Set">Name of the set; <see cref="AllSets"/> for all of them.</param>
/// <param name="IsMandatory">True when PowerShell asks for it.</param>
/// <param name="Position">Null when it must be named.</param>
/// <param name="ByValue">Takes whole pipeline objects.</param>
/// <param name="ByPropertyName">Takes a property of pipeline objects.</param>
internal sealed record ParameterUse(string Set, bool IsMandatory, int? Position, bool ByValue, bool ByPropertyName)
{
    public const string AllSets = "__AllParameterSets";

    public string Pipeline => (ByPropertyName, ByValue) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByPropertyName)",
        (false, true) => "True (ByValue)",
        _ => "False",
    };
}
