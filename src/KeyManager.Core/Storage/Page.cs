using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>A part of a longer answer.</summary>
/// <param name="Items">The part.</param>
/// <param name="Next">What to ask with for the following part; <c>null</c> when this was the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
