using System;
using KeyManager.Providers.Authorities.Acme.Protocol;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>What is stored with an account: the directory of its server, so that a process need not begin with asking for it.</summary>
internal sealed class AcmeAccountData
{
    /// <summary>Directories are a kilobyte or two; what is far longer is not worth a place in every account.</summary>
    private const int Longest = 16 * 1024;

    private static readonly JsonSerializerSettings Settings = new() { DateParseHandling = DateParseHandling.None };

    /// <summary>Where it was read.</summary>
    public string DirectoryUrl { get; set; } = "";

    /// <summary>What was read.</summary>
    public JObject Directory { get; set; } = [];

    /// <summary>When.</summary>
    public DateTimeOffset ReadAt { get; set; }

    /// <summary>The directory that is stored with an account; <c>null</c> where none is.</summary>
    public static AcmeAccountData? Of(AuthorityAccount account)
    {
        try
        {
            return account.AuthorityData is string json && JsonConvert.DeserializeObject<AcmeAccountData>(json, Settings) is { DirectoryUrl.Length: > 0, Directory.Count: > 0 } data ? data : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>For the account; <c>null</c> when it is too long to be stored.</summary>
    public string? ToJson() => JsonConvert.SerializeObject(this, Settings) is { Length: <= Longest } json ? json : null;

    public DirectoryResource Read() => DirectoryResource.Read(Directory, new Uri(DirectoryUrl));
}
