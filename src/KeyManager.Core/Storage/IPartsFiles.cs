using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>Files that hold parts of a store: each is a small store of its own, with its own protectors.</summary>
public interface IPartsFiles
{
    /// <summary>Makes an empty one under another name; it gets its own when it is complete. Disposed before that, nothing is left of it.</summary>
    /// <exception cref="ConflictException">KmFileExists.</exception>
    INewParts Create(string path, IReadOnlyList<KeyProtectorRequest> protectors);

    /// <summary>Opens one, or a whole backup, for reading; the file is not changed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="passphrase">Its passphrase, UTF-8, the caller's to overwrite; <c>null</c> for what opens it without asking.</param>
    /// <param name="keyFilePath">Its key file; <c>null</c> for the place where it was.</param>
    /// <exception cref="StoreException">KmStoreCorrupt, KmStoreVersionTooNew, KmStoreLocked, KmWrongPassword.</exception>
    /// <exception cref="NotFoundException">KmFileNotFound.</exception>
    IParts Open(string path, byte[]? passphrase, string? keyFilePath);
}
