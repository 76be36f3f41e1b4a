using System.Collections.Generic;

namespace KeyManager;

/// <summary>A setting that an account or the store has.</summary>
public sealed record SettingDescription
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, with unit and range.</summary>
    public required string Description { get; init; }

    /// <summary>The value when it is not set.</summary>
    public required string Default { get; init; }

    /// <summary>The only values it may have; empty when that is not a list.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Smallest number allowed; <c>null</c> when it is not a number.</summary>
    public int? Minimum { get; init; }

    /// <summary>Largest number allowed; <c>null</c> when it is not a number.</summary>
    public int? Maximum { get; init; }

    /// <summary>False when the value cannot be changed after the account was made.</summary>
    public bool IsChangeable { get; init; } = true;

    /// <summary>True for a value that is stored encrypted and never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>True for the path of a file; a relative one is resolved where the command runs.</summary>
    public bool IsPath { get; init; }

    /// <summary>True for a yes or no; its values are True and False.</summary>
    public bool IsFlag { get; init; }

    /// <summary>True for a day, which is stored as yyyy-MM-dd.</summary>
    public bool IsDate { get; init; }

    /// <summary>True for a table, which is stored entry by entry under the names "Setting.Entry", values as JSON; secrets among them as secrets.</summary>
    public bool IsTable { get; init; }
}
