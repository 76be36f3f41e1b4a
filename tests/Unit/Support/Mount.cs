using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace KeyManager.Tests.Support;

/// <summary>Small file systems in memory, for what a disk does when it is full or frozen.</summary>
public static class Mount
{
    public static bool TryTmpfs(string path, int bytes, string options = "rw") =>
        Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={bytes},{options}"), "tmpfs", path);

    public static void Remove(string path) => Run("umount", path);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            ProcessStartInfo start = new(program) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
            foreach (string argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }

            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
