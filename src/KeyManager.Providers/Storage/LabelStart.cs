namespace KeyManager.Providers.Storage;

/// <summary>Where the rows of a search come from that starts from a label.</summary>
/// <param name="From">For FROM.</param>
/// <param name="Row">The column with the id of the labelled row.</param>
/// <param name="ListOrder">The column by which the list is ordered.</param>
/// <param name="IsOrdered">True when the rows come in the order of the list, from the index of the tags with the alias t.</param>
internal sealed record LabelStart(string From, string Row, string ListOrder, bool IsOrdered);
