using System.Management.Automation;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Base of the cmdlets that take in what is new, and label it.</summary>
public abstract class LabelAddingCmdlet : KmCmdlet
{
    /// <summary>Tags of what is taken in, on top of those that it has, to find it by.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] Tag { get; set; } = [];

    /// <summary>Who answers for what is taken in: a name, a team or an address.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OwnerCompleter))]
    public string? Owner { get; set; }

    /// <summary>Where it belongs, such as shop/production.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(GroupCompleter))]
    public string? Group { get; set; }

    /// <summary>Free text about it.</summary>
    [Parameter]
    public string? Note { get; set; }

    /// <summary>All of it as a change.</summary>
    private protected LabelChange Labels => LabelCells.Adding(Tag, Owner, Group, Note);
}
