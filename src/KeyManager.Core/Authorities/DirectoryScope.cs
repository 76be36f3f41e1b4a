using System;

namespace KeyManager.Authorities;

/// <summary>Parts of what an authority keeps for an account.</summary>
[Flags]
public enum DirectoryScope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The groups that divide the account.</summary>
    Group = 1,

    /// <summary>The organizations that the authority has validated, or is validating.</summary>
    Organization = 2,

    /// <summary>The domains whose control was proved beforehand.</summary>
    Domain = 4,

    /// <summary>The products with their prices.</summary>
    Product = 8,

    /// <summary>All of them.</summary>
    All = Group | Organization | Domain | Product,
}
