using Newtonsoft.Json;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>What is remembered of an organization.</summary>
internal sealed record EmSignOrganizationData
{
    /// <summary>Sent with orders for it.</summary>
    public string? PrevettingToken { get; init; }

    /// <summary>The number of whoever speaks for it.</summary>
    public string? RepresentativeNumber { get; init; }

    /// <summary>True while emSign has validated it.</summary>
    public bool IsValidated { get; init; }

    public static EmSignOrganizationData Read(string? text)
    {
        try
        {
            return (text is null ? null : JsonConvert.DeserializeObject<EmSignOrganizationData>(text)) ?? new EmSignOrganizationData();
        }
        catch (JsonException)
        {
            return new EmSignOrganizationData();
        }
    }
}
