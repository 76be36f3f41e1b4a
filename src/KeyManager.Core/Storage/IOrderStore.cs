namespace KeyManager.Storage;

/// <summary>The orders.</summary>
public interface IOrderStore
{
    void Add(CertificateOrder order);

    /// <summary>Replaces the stored order of the same id; its labels stay (<see cref="ILabelStore"/>).</summary>
    /// <exception cref="NotFoundException">KmOrderNotFound: it was removed meanwhile.</exception>
    void Update(CertificateOrder order);

    /// <summary>The order, <c>null</c> when there is none.</summary>
    CertificateOrder? Find(string id);

    /// <summary>A part of the matching orders, newest first.</summary>
    Page<CertificateOrder> Query(OrderQuery query, string? after, int limit);

    /// <summary>Removes it; false when there was none. Certificates stay.</summary>
    bool Remove(string id);
}
