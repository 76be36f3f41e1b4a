using System;
using System.IO;

namespace KeyManager.Providers.Files;

/// <summary>Turns what the system says about a file into our errors.</summary>
internal static class FileProblems
{
    public static DeploymentException NotWritable(string path, Exception cause) => NotWritable(path, Describe(path, cause), cause);

    public static DeploymentException NotWritable(string path, string reason, Exception? cause) =>
        new(ErrorIds.FileNotWritable, $"The file '{path}' cannot be written: {reason.TrimEnd('.')}.", cause)
        {
            Target = path,
            Remedy = "Check that the folder exists, that the disk has room and that this user may write there, or choose another path.",
        };

    private static string Describe(string path, Exception cause) => cause switch
    {
        _ when Directory.Exists(path) => "there is a folder of that name",
        UnauthorizedAccessException => "access is denied",
        DirectoryNotFoundException => "the folder does not exist",
        PathTooLongException => "the name is too long",

        // ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows, ENOSPC on Unix.
        IOException { HResult: unchecked((int)0x80070070) or unchecked((int)0x80070027) or 28 } => "the disk is full",
        IOException { HResult: unchecked((int)0x80070020) } => "another program has it open",
        _ => cause.Message,
    };
}
