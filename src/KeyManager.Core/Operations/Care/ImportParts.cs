using System;
using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Takes the parts in a file, or in a whole backup, into the store. Nobody outside is asked or told anything.</summary>
public sealed class ImportParts(KeyManagerPorts ports)
{
    /// <summary>Opens the file; dispose what it answers.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="passphrase">Its passphrase, UTF-8, the caller's to overwrite; <c>null</c> for none.</param>
    /// <param name="keyFilePath">Its key file; <c>null</c> for the place where it was.</param>
    /// <param name="options">What is taken, and how.</param>
    /// <exception cref="StoreException">KmStoreCorrupt, KmStoreVersionTooNew, KmStoreLocked, KmWrongPassword.</exception>
    /// <exception cref="NotFoundException">KmFileNotFound.</exception>
    /// <exception cref="ConflictException">KmAdministratorRequired.</exception>
    public OpenedParts Open(string path, byte[]? passphrase, string? keyFilePath, TransferOptions options)
    {
        Guard.NotNull(options);
        if (options.Takes(StorePart.Accounts) || options.Takes(StorePart.DeployTargets) || options.Takes(StorePart.Settings))
        {
            AdministratorRule.Check(ports, "import accounts, targets and settings");
        }

        IParts file = Guard.NotNull(ports.Parts).Open(path, passphrase, keyFilePath);
        return new OpenedParts(file, new TransferParts(file.Store, ports.Store, options).Items());
    }

    /// <summary>A file that was opened, with what can be taken from it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="items">What can be taken, in the order in which it should be.</param>
    public sealed class OpenedParts(IDisposable file, IEnumerable<PartItem> items) : IDisposable
    {
        /// <summary>What can be taken, in the order in which it should be.</summary>
        public IEnumerable<PartItem> Items { get; } = items;

        public void Dispose() => file.Dispose();
    }
}
