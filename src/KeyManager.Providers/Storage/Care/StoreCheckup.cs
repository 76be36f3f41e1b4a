using System.Collections.Generic;

namespace KeyManager.Providers.Storage.Care;

/// <summary>One of the things that are looked at.</summary>
/// <param name="name">Its name in <see cref="StoreCheck.Name"/>.</param>
/// <param name="errorId">Error id when it fails.</param>
/// <param name="remedy">What to do when it fails and cannot be mended.</param>
internal abstract class StoreCheckup(string name, string errorId, string remedy)
{
    public string Name { get; } = name;

    public string ErrorId { get; } = errorId;

    public string Remedy { get; } = remedy;

    /// <summary>What to say when nothing was found; read after <see cref="Look"/>.</summary>
    public abstract string Good { get; }

    /// <summary>What is not as it should be. A fix is called before the next finding is asked for, or after all of them.</summary>
    public abstract IEnumerable<Finding> Look(CheckContext context);
}
