using System;

namespace KeyManager.Storage;

/// <summary>Parts of a store, opened.</summary>
public interface IParts : IDisposable
{
    /// <summary>The parts as a store.</summary>
    IStore Store { get; }
}
