using KeyManager.Providers.Secrets;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage.Care;

/// <summary>What checks look at.</summary>
/// <param name="Database">The store, in a transaction; one that writes when something is to be mended.</param>
/// <param name="Location">Where it is.</param>
/// <param name="Clock">The time.</param>
/// <param name="Options">How it is opened.</param>
/// <param name="Key">The data key; <c>null</c> when no protector opens the store here.</param>
/// <param name="StoreId">Identifier of the store.</param>
internal sealed record CheckContext(Database Database, StoreLocation Location, Clock Clock, StoreOptions Options, DataKey? Key, string StoreId);
