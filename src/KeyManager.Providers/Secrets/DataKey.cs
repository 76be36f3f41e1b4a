using System;

namespace KeyManager.Providers.Secrets;

/// <summary>The data key of a store with its identifier, which every encrypted value names.</summary>
internal sealed class DataKey(string id, SecretBytes key) : IDisposable
{
    public const int Length = 32;

    public string Id { get; } = id;

    public SecretBytes Key { get; } = key;

    public static DataKey New() => new(Identifier.New(), SecretBytes.Random(Length));

    public DataKey Copy() => new(Id, Key.Copy());

    public void Dispose() => Key.Dispose();
}
