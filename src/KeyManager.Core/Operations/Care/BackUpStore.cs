using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Copies the store into a file, with its own protectors or others.</summary>
public sealed class BackUpStore(KeyManagerPorts ports)
{
    /// <summary>Copies it, and says so in the audit trail: a copy that a new passphrase opens is a way out for every secret.</summary>
    /// <param name="path">Full path of the file; it must not exist.</param>
    /// <param name="protectors">Protectors of the copy; empty for those of the store.</param>
    /// <param name="reporter">For progress and warnings.</param>
    /// <param name="cancellationToken">Stops; nothing is left then.</param>
    /// <exception cref="ConflictException">KmFileExists.</exception>
    /// <exception cref="StoreException">KmStoreLocked, KmStoreCorrupt, ...</exception>
    public void Run(string path, IReadOnlyList<KeyProtectorRequest> protectors, IReporter reporter, CancellationToken cancellationToken)
    {
        Guard.NotNull(protectors);
        Guard.NotNull(reporter);
        ports.Store.Backup(path, protectors, reporter, cancellationToken);
        foreach (KeyProtectorRequest request in protectors.Where(p => p.Path is not null && Path.GetDirectoryName(p.Path) == Path.GetDirectoryName(path)))
        {
            reporter.Warn($"The key file '{request.Path}' lies beside the copy: whoever takes the folder has both.");
        }

        string how = protectors.Count == 0 ? "with the protectors of the store" : $"with other protectors: {string.Join(", ", protectors.Select(p => p.Kind))}";
        try
        {
            ports.Store.Write(session => session.Audit.Append(new AuditEntry("Store", "StoreBackedUp", Detail: $"to {path}, {how}")));
        }
        catch (StoreException e)
        {
            reporter.Warn($"The copy is complete. The audit trail does not tell of it: {e.Message}");
        }
    }
}
