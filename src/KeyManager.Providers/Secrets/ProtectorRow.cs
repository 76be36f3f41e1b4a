using System;

namespace KeyManager.Providers.Secrets;

/// <summary>A protector as stored.</summary>
/// <param name="Parameters">What its kind needs to make its key again, as JSON.</param>
/// <param name="WrappedKey">The data key in a <see cref="SecretBox"/> under the protector's key.</param>
internal sealed record ProtectorRow(
    string Id,
    string Name,
    KeyProtectorKind Kind,
    string Path,
    string Parameters,
    string DataKeyId,
    byte[] WrappedKey,
    DateTimeOffset CreatedAt)
{
    /// <summary>What a user may see of it.</summary>
    public KeyProtector ToModel() => new() { Id = Id, Name = Name, Kind = Kind, Path = Path, CreatedAt = CreatedAt };
}
