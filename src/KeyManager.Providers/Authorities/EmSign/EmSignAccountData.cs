using Newtonsoft.Json;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>What is remembered of an account.</summary>
internal sealed record EmSignAccountData
{
    /// <summary>Address of the user to whom the access key belongs; calls about orders that were placed elsewhere name it.</summary>
    public string? Email { get; init; }

    public string Write() => JsonConvert.SerializeObject(this);

    public static EmSignAccountData Read(string? text)
    {
        try
        {
            return (text is null ? null : JsonConvert.DeserializeObject<EmSignAccountData>(text)) ?? new EmSignAccountData();
        }
        catch (JsonException)
        {
            return new EmSignAccountData();
        }
    }
}
