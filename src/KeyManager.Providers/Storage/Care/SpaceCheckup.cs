using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace KeyManager.Providers.Storage.Care;

/// <summary>The write-ahead log and the room on the disk.</summary>
internal sealed class SpaceCheckup() : StoreCheckup("Space", ErrorIds.StoreFull, "Make room on the disk.")
{
    /// <summary>Far more than the 16 MiB to which the log shrinks when nobody holds it.</summary>
    private const long LargeLog = 256L << 20;

    private const long LittleRoom = 64L << 20;

    private string _good = "";

    public override string Good => _good;

    public override IEnumerable<Finding> Look(CheckContext context)
    {
        string path = context.Location.Path;
        long log = StoreFile.SizeOf(path + "-wal");
        long size = new FileInfo(path).Length + log;
        long? free = Free(path);
        _good = $"{Megabytes(size)} are used, {(free is long room ? Megabytes(room) : "an unknown amount")} free.";
        if (log > LargeLog)
        {
            yield return new Finding($"The write-ahead log holds {Megabytes(log)}: some process has read for very long, or hangs. It shrinks when the last one closes the store.", IsWarning: true);
        }

        if (free < Math.Max(LittleRoom, size))
        {
            yield return new Finding($"The disk has {Megabytes(free.Value)} left; an update of the module and a repair need {Megabytes(Math.Max(LittleRoom, size))}.", IsWarning: true);
        }
    }

    private static string Megabytes(long bytes) => string.Format(CultureInfo.InvariantCulture, "{0:N1} MiB", bytes / 1048576.0);

    private static long? Free(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(path) ?? path).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A share has no letter on Windows.
            return null;
        }
    }
}
