using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json;

namespace KeyManager.Providers.Authorities.Local;

/// <summary>The public part of a private authority, stored with its account; the keys are secrets of the account.</summary>
internal sealed class LocalData
{
    public const string RootKey = "root-key";

    /// <summary>The root certificate, DER.</summary>
    public byte[] Root { get; set; } = [];

    /// <summary>The issuing authorities, oldest first. Old ones stay, because their revocation lists go on until their certificates have run out.</summary>
    public List<IssuingAuthority> Issuing { get; set; } = [];

    /// <summary>The one that signs now.</summary>
    [JsonIgnore]
    public IssuingAuthority Current => Issuing[Issuing.Count - 1];

    public static LocalData Of(AuthorityAccount account) =>
        account.AuthorityData is string json && JsonConvert.DeserializeObject<LocalData>(json) is { Issuing.Count: > 0 } data
            ? data
            : throw new StoreException(ErrorIds.StoreCorrupt, $"The account {account} has lost its root and issuing authority.")
            {
                Target = account.Name,
                Remedy = "Restore the store from a backup.",
            };

    public string ToJson() => JsonConvert.SerializeObject(this);

    /// <summary>One issuing authority.</summary>
    internal sealed class IssuingAuthority
    {
        /// <summary>1 for the first.</summary>
        public int Number { get; set; }

        /// <summary>Its certificate, DER.</summary>
        public byte[] Certificate { get; set; } = [];

        /// <summary>End of its life.</summary>
        public DateTimeOffset NotAfter { get; set; }

        /// <summary>Name of the secret that holds its key.</summary>
        [JsonIgnore]
        public string KeyName => $"issuing-key-{Number}";
    }
}
