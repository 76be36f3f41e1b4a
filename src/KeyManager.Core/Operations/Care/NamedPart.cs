using System;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>A part of a store whose things are named records.</summary>
/// <param name="Part">Which.</param>
/// <param name="Of">Where they are.</param>
/// <param name="SecretKind">Owner kind of their secrets; empty when they have none.</param>
/// <param name="UpdatedAt">When one last changed.</param>
/// <param name="WithId">The same under the identifier of the one it replaces; <c>null</c> where one of another identity is never replaced.</param>
/// <param name="Adapt">How it is taken in, and what to say about that; <c>null</c> for as it is.</param>
/// <param name="Follow">What goes along; <c>null</c> for nothing.</param>
internal sealed record NamedPart<T>(
    StorePart Part,
    Func<IStoreSession, INamedStore<T>> Of,
    string SecretKind,
    Func<T, DateTimeOffset> UpdatedAt,
    Func<T, string, T>? WithId,
    Func<IStoreSession, T, (T Wanted, string? Note)>? Adapt = null,
    Action<IStoreSession, T>? Follow = null)
    where T : class, INamedRecord;
