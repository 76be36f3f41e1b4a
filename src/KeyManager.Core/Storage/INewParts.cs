namespace KeyManager.Storage;

/// <summary>Parts of a store that are being put together.</summary>
public interface INewParts : IParts
{
    /// <summary>Nothing more comes: the file gets its name. The store is closed.</summary>
    void Complete();
}
