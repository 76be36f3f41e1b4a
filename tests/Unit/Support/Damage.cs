using System;
using System.IO;

namespace KeyManager.Tests.Support;

/// <summary>Does to files what bad disks and interrupted copies do.</summary>
public static class Damage
{
    /// <summary>Overwrites a part of a file.</summary>
    public static void Fill(string path, double from, double to, byte value)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        long start = (long)(file.Length * from) / 4096 * 4096;
        byte[] noise = new byte[((long)(file.Length * to) / 4096 * 4096) - start];
        Array.Fill(noise, value);
        file.Position = start;
        file.Write(noise, 0, noise.Length);
    }

    /// <summary>Overwrites a page of a database; the first is 1.</summary>
    public static void Page(string path, long number, byte value)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        byte[] noise = new byte[4096];
        Array.Fill(noise, value);
        file.Position = (number - 1) * 4096;
        file.Write(noise, 0, noise.Length);
    }

    /// <summary>Leaves only the first part of a file.</summary>
    public static void Cut(string path, double keep)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        file.SetLength((long)(file.Length * keep));
    }
}
