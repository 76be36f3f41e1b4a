using System.Management.Automation;
using KeyManager.PowerShell;
using KeyManager.Storage;

namespace KeyManager.Commands;

/// <summary>Base of the cmdlets that show what has certain labels.</summary>
public abstract class LabelFilterCmdlet : KmCmdlet
{
    /// <summary>Only those with one of these tags; * and ? are wildcards.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TagCompleter))]
    [SupportsWildcards]
    public string[] Tag { get; set; } = [];

    /// <summary>Only those of one of these owners; * and ? are wildcards, an empty text means those without an owner.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OwnerCompleter))]
    [AllowEmptyString]
    [SupportsWildcards]
    public string[] Owner { get; set; } = [];

    /// <summary>Only those of one of these groups; * and ? are wildcards, an empty text means those without a group.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(GroupCompleter))]
    [AllowEmptyString]
    [SupportsWildcards]
    public string[] Group { get; set; } = [];

    /// <summary>All of it as a condition.</summary>
    private protected LabelFilter Labels => LabelFilter.Create(Tag, Owner, Group);
}
