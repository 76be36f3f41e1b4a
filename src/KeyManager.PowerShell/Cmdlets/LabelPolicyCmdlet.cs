using System.Collections.Generic;
using System.Management.Automation;
using KeyManager.PowerShell;
using KeyManager.Storage;

namespace KeyManager.Commands;

/// <summary>Base of the cmdlets that set policies for what has certain labels.</summary>
public abstract class LabelPolicyCmdlet : KmCmdlet
{
    /// <summary>Tags, one of which has to be on the certificates it is for; * and ? are wildcards, $null takes the condition away.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[]? Tag { get; set; }

    /// <summary>Owners of the certificates it is for; * and ? are wildcards, an empty text means those without an owner, $null takes the condition away.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(OwnerCompleter))]
    public string[]? Owner { get; set; }

    /// <summary>Groups of the certificates it is for; * and ? are wildcards, an empty text means those without a group, $null takes the condition away.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GroupCompleter))]
    public string[]? Group { get; set; }

    /// <summary>The tags that were given, else those that were there; so with the others.</summary>
    private protected IReadOnlyList<string> TagsOr(IReadOnlyList<string> before) => IsBound(nameof(Tag)) ? LabelFilter.Create(Tag, null, null).Tags : before;

    private protected IReadOnlyList<string> OwnersOr(IReadOnlyList<string> before) => IsBound(nameof(Owner)) ? LabelFilter.Create(null, Owner, null).Owners : before;

    private protected IReadOnlyList<string> GroupsOr(IReadOnlyList<string> before) => IsBound(nameof(Group)) ? LabelFilter.Create(null, null, Group).Groups : before;
}
