using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Moving.PoshAcme;

/// <summary>What the orders of an account need of it.</summary>
/// <param name="Id">SERVER/ACCOUNT, as the folders are called; <c>null</c> when the account itself cannot be read.</param>
/// <param name="Secrets">Reads the secrets of its plug-ins.</param>
/// <param name="Registrations">Its registrations with acme-dns; <c>null</c> for none.</param>
internal sealed record PoshAcmeAccount(string? Id, PoshAcmeSecrets Secrets, JObject? Registrations);
