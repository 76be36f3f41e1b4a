using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>The labels of entries and orders. They are not part of a certificate's or an order's update: whoever read one a moment ago must not turn them back.</summary>
public interface ILabelStore
{
    /// <summary>The labels of an entry; none when there is no such entry yet.</summary>
    Labels OfEntry(string lineageId);

    /// <summary>Gives an entry these labels, in the place of those it had.</summary>
    void SetEntry(string lineageId, Labels labels);

    /// <summary>Gives an order these labels, in the place of those it had.</summary>
    void SetOrder(string orderId, Labels labels);

    /// <summary>The labels of a kind that are in use, by the alphabet.</summary>
    IReadOnlyList<string> List(LabelKind kind, int most);
}
