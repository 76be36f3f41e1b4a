using System.Threading;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Tests.Support;

public static class BackupExtensions
{
    /// <summary>Writes a consistent copy with the store's own protectors; tells nobody how far it has come.</summary>
    public static void Backup(this IStore store, string path) => store.Backup(path, [], SilentReporter.Instance, CancellationToken.None);
}
