using System.Collections.Generic;

namespace KeyManager.Authorities;

/// <summary>A part of the orders of an account.</summary>
/// <param name="Orders">The part.</param>
/// <param name="Next">What to ask with for the following part; <c>null</c> when this was the last.</param>
/// <param name="Position">Where it is in the list, for people: "page 3".</param>
public sealed record ForeignOrderPage(IReadOnlyList<ForeignOrder> Orders, string? Next, string Position);
