using System;

namespace KeyManager.Tests.Support;

/// <summary>Tells Mono from .NET Framework, for the few things that Mono lacks or does in its own way.</summary>
internal static class MonoRuntime
{
    /// <summary>True when this process runs on Mono.</summary>
    public static bool IsHere { get; } = Type.GetType("Mono.Runtime") is not null;
}
