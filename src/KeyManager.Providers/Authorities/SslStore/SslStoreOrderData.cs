using KeyManager.Providers.Authorities.SslStore.Protocol;
using Newtonsoft.Json;

namespace KeyManager.Providers.Authorities.SslStore;

/// <summary>What is remembered of an order: the same text as long as nothing about the order changes.</summary>
internal sealed record SslStoreOrderData
{
    /// <summary>Another one for each certificate of the order.</summary>
    public string? PartnerOrderId { get; init; }

    public string? Status { get; init; }

    public string? SerialNumber { get; init; }

    public string? CertificateEnd { get; init; }

    public string? TermEnd { get; init; }

    public string? RefundRequestId { get; init; }

    public static string Write(OrderResource order) => JsonConvert.SerializeObject(
        new SslStoreOrderData
        {
            PartnerOrderId = order.PartnerOrderId,
            Status = StatusText(order),
            SerialNumber = order.SerialNumber,
            CertificateEnd = order.CertificateEnd?.ToString("u"),
            TermEnd = order.TermEnd?.ToString("u"),
            RefundRequestId = order.RefundRequestId,
        },
        new JsonSerializerSettings { NullValueHandling = NullValueHandling.Ignore });

    public static SslStoreOrderData Read(string? text)
    {
        try
        {
            return (text is null ? null : JsonConvert.DeserializeObject<SslStoreOrderData>(text)) ?? new SslStoreOrderData();
        }
        catch (JsonException)
        {
            return new SslStoreOrderData();
        }
    }

    /// <summary>Both words of the API for how an order stands.</summary>
    public static string StatusText(OrderResource order) => order.MinorStatus.Length == 0 ? order.MajorStatus : $"{order.MajorStatus} / {order.MinorStatus}";
}
