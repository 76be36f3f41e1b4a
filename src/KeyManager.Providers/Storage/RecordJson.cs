using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Serialization;

namespace KeyManager.Providers.Storage;

/// <summary>
/// Records as JSON documents: tolerant of members that are missing (written by an older KeyManager) or unknown (by a newer one), without
/// what has a column of its own and without derived members.
/// </summary>
internal static class RecordJson
{
    private static readonly JsonSerializerSettings Settings = new()
    {
        ContractResolver = new Resolver(),
        Converters = { new DomainNameConverter(), new KeySpecConverter(), new StringEnumConverter() },
        NullValueHandling = NullValueHandling.Ignore,
        MissingMemberHandling = MissingMemberHandling.Ignore,
        ObjectCreationHandling = ObjectCreationHandling.Replace,
        DateParseHandling = DateParseHandling.None,
        TypeNameHandling = TypeNameHandling.None,
    };

    public static string Write<T>(T record)
        where T : class => JsonConvert.SerializeObject(record, Settings);

    public static T Read<T>(string document)
        where T : class => JsonConvert.DeserializeObject<T>(document, Settings) ?? throw new JsonSerializationException("The document is empty.");

    private sealed class Resolver : DefaultContractResolver
    {
        private static readonly Dictionary<Type, string[]> InColumns = new()
        {
            [typeof(CertificateOrder)] =
            [
                nameof(CertificateOrder.Id), nameof(CertificateOrder.Name), nameof(CertificateOrder.Status), nameof(CertificateOrder.AccountId),
                nameof(CertificateOrder.LineageId), nameof(CertificateOrder.CertificateId), nameof(CertificateOrder.RenewsCertificateId),
                nameof(CertificateOrder.PrivateKeyId), nameof(CertificateOrder.CsrId), nameof(CertificateOrder.CreatedAt), nameof(CertificateOrder.UpdatedAt),
                nameof(CertificateOrder.Tags), nameof(CertificateOrder.Owner), nameof(CertificateOrder.Group), nameof(CertificateOrder.Note),
            ],
            [typeof(AuthorityAccount)] =
            [
                nameof(AuthorityAccount.Id), nameof(AuthorityAccount.Name), nameof(AuthorityAccount.Authority), nameof(AuthorityAccount.IsDefault),
                nameof(AuthorityAccount.CreatedAt), nameof(AuthorityAccount.UpdatedAt),
            ],
            [typeof(RenewalState)] = [nameof(RenewalState.LineageId), nameof(RenewalState.NextLook)],
            [typeof(PrivateKeyInfo)] = [nameof(PrivateKeyInfo.Id), nameof(PrivateKeyInfo.Name), nameof(PrivateKeyInfo.PublicKeyHash), nameof(PrivateKeyInfo.CreatedAt)],
            [typeof(CertificateSigningRequest)] =
            [
                nameof(CertificateSigningRequest.Id), nameof(CertificateSigningRequest.Name), nameof(CertificateSigningRequest.PrivateKeyId),
                nameof(CertificateSigningRequest.CreatedAt), nameof(CertificateSigningRequest.RawData),
            ],
        };

        protected override IList<JsonProperty> CreateProperties(Type type, MemberSerialization memberSerialization)
        {
            string[] inColumns = InColumns.TryGetValue(type, out string[]? names) ? names : [];

            // A record's derived members have no setter; a positional one's parameters do.
            return [.. base.CreateProperties(type, memberSerialization).Where(property => property.Writable && !inColumns.Contains(property.UnderlyingName))];
        }

        protected override JsonProperty CreateProperty(MemberInfo member, MemberSerialization memberSerialization)
        {
            JsonProperty property = base.CreateProperty(member, memberSerialization);
            property.Required = Required.Default;
            return property;
        }
    }

    private sealed class DomainNameConverter : JsonConverter<DomainName>
    {
        public override DomainName ReadJson(JsonReader reader, Type objectType, DomainName existingValue, bool hasExistingValue, JsonSerializer serializer) =>
            DomainName.Parse(reader.Value as string);

        public override void WriteJson(JsonWriter writer, DomainName value, JsonSerializer serializer) => writer.WriteValue(value.Ascii);
    }

    private sealed class KeySpecConverter : JsonConverter<KeySpec>
    {
        public override KeySpec ReadJson(JsonReader reader, Type objectType, KeySpec existingValue, bool hasExistingValue, JsonSerializer serializer)
        {
            // "Ecdsa 256"
            string[] parts = ((reader.Value as string) ?? "").Split(' ');
            return parts.Length == 2 && Enum.TryParse(parts[0], out KeyAlgorithm algorithm) && int.TryParse(parts[1], out int length) && length > 0
                ? KeySpec.Create(algorithm, length)
                : default;
        }

        public override void WriteJson(JsonWriter writer, KeySpec value, JsonSerializer serializer) =>
            writer.WriteValue(FormattableString.Invariant($"{value.Algorithm} {value.Length}"));
    }
}
