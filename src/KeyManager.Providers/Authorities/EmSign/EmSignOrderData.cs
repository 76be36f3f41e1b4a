using System.Globalization;
using KeyManager.Providers.Authorities.EmSign.Protocol;
using Newtonsoft.Json;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>What is remembered of an order: the same text as long as nothing about the order changes.</summary>
internal sealed record EmSignOrderData
{
    private static readonly JsonSerializerSettings Sparse = new() { NullValueHandling = NullValueHandling.Ignore };

    /// <summary>The number of the request that the order began as.</summary>
    public string? RequestNumber { get; init; }

    /// <summary>Where a browser shows it.</summary>
    public string? TrackingUrl { get; init; }

    public string? Status { get; init; }

    /// <summary>As the API writes it; another one shows that emSign has renewed by itself.</summary>
    public string? Serial { get; init; }

    public string? CertificateEnd { get; init; }

    public static string Write(TrackedOrder order, EmSignOrderData? before) => JsonConvert.SerializeObject(
        new EmSignOrderData
        {
            RequestNumber = order.RequestNumber ?? before?.RequestNumber,
            TrackingUrl = order.TrackingUrl ?? before?.TrackingUrl,
            Status = order.StatusText,
            Serial = order.SerialText ?? before?.Serial,
            CertificateEnd = order.CertificateEnd?.ToString("u", CultureInfo.InvariantCulture) ?? before?.CertificateEnd,
        },
        Sparse);

    public static EmSignOrderData Read(string? text)
    {
        try
        {
            return (text is null ? null : JsonConvert.DeserializeObject<EmSignOrderData>(text)) ?? new EmSignOrderData();
        }
        catch (JsonException)
        {
            return new EmSignOrderData();
        }
    }
}
