using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace KeyManager.Providers.Files;

/// <summary>
/// Files that only their owner may read: mode 0600 on Unix; on Windows an access list without inheritance for the owner, SYSTEM and the
/// administrators. The rights are there before the first byte, so that nobody can open the file in between.
/// </summary>
public static class PrivateFile
{
    internal const int FileMode = 0x180; // 0600
    internal const int FolderMode = 0x1C0; // 0700
    private static readonly bool OnWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    // Everyone, Users, Authenticated Users, Anonymous, Guests, Interactive, Network, Domain Users: whoever else is named was named on purpose.
    private static readonly string[] Crowds = ["WD", "BU", "AU", "AN", "BG", "IU", "NU", "DU", "S-1-1-0", "S-1-5-32-545", "S-1-5-11"];

    /// <summary>Makes an empty private file that did not exist.</summary>
    /// <exception cref="ConflictException">KmFileExists.</exception>
    /// <exception cref="DeploymentException">KmFileNotWritable.</exception>
    public static void CreateNew(string path)
    {
        if (OnWindows)
        {
            int error = NativeWindows.CreateExclusive(path, WindowsAccess(isFolder: false));
            ThrowFor(error, path, error is NativeWindows.FileExists or NativeWindows.AlreadyExists);
        }
        else
        {
            int error = NativeUnix.CreateExclusive(path, FileMode);
            ThrowFor(error, path, error == NativeUnix.Exists);
        }
    }

    /// <summary>Makes a new private file and writes it, durably unless told otherwise.</summary>
    public static void WriteNew(string path, byte[] content, bool isLasting = true)
    {
        _ = content ?? throw new ArgumentNullException(nameof(content));
        CreateNew(path);
        try
        {
            using FileStream stream = new(path, System.IO.FileMode.Open, FileAccess.Write, FileShare.None);
            stream.Write(content, 0, content.Length);
            stream.Flush(flushToDisk: isLasting);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DeleteQuietly(path);
            throw FileProblems.NotWritable(path, e);
        }
    }

    /// <summary>Makes the folders of a path that do not exist yet, with rights for the owner only (0700).</summary>
    /// <exception cref="DeploymentException">KmFileNotWritable.</exception>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(path);
        if (!string.IsNullOrEmpty(parent))
        {
            CreateFolder(parent!);
        }

        int error = OnWindows ? NativeWindows.MakeFolder(path, WindowsAccess(isFolder: true)) : NativeUnix.MakeFolder(path, FolderMode);
        if (error != 0 && !Directory.Exists(path))
        {
            // Another process may have made it a moment ago; that is as good.
            ThrowFor(error, path, exists: false);
        }
    }

    /// <summary>Whether <see cref="MakePrivate"/> can do it here: on Windows whoever is named in an access list was named by somebody.</summary>
    internal static bool CanMakePrivate => !OnWindows;

    /// <summary>Takes the rights of everybody but the owner away.</summary>
    /// <exception cref="DeploymentException">KmFileNotWritable.</exception>
    internal static void MakePrivate(string path) => ThrowFor(NativeUnix.ChangeMode(path, FileMode), path, exists: false);

    /// <summary>
    /// What is wrong with the rights of a file that must be private, as a StoreException to be thrown; <c>null</c> when they are right or
    /// cannot be read (opening the file will then say why).
    /// </summary>
    public static StoreException? FindRightsProblem(string path, string what)
    {
        if (!OnWindows)
        {
            UnixFileStatus? status = NativeUnix.GetStatus(path);
            return status is null || !status.IsOpenToOthers
                ? null
                : new StoreException(
                    ErrorIds.StoreRightsTooWide,
                    $"{what} '{path}' can be opened by others than its owner (mode {Convert.ToString(status.Permissions, 8)}).")
                {
                    Target = path,
                    Remedy = $"Make sure nobody has taken a copy, then run: chmod 600 '{path}'",
                };
        }

        string? list = NativeWindows.GetAccessList(path);
        string? crowd = list is null ? null : FindCrowd(list);
        return crowd is null
            ? null
            : new StoreException(ErrorIds.StoreRightsTooWide, $"{what} '{path}' can be opened by others than its owner (access list entry {crowd}).")
            {
                Target = path,
                Remedy = $"Make sure nobody has taken a copy, then run: {TakingRightsFromOthers(path, isFolder: false)}",
            };
    }

    /// <summary>The command of Windows that leaves a file, or a folder with what will be in it, to its owner and the system.</summary>
    internal static string TakingRightsFromOthers(string path, bool isFolder)
    {
        string rights = isFolder ? "(OI)(CI)F" : "F";
        return $"icacls \"{path}\" /inheritance:r /grant:r \"%USERDOMAIN%\\%USERNAME%:{rights}\" \"SYSTEM:{rights}\"";
    }

    /// <summary>The first entry of a Windows access list (SDDL) that lets a whole crowd in; <c>null</c> when there is none.</summary>
    internal static string? FindCrowd(string sddl) => Regex.Matches(sddl, @"\((?<type>[A-Z]+);(?<flags>[^;]*);[^;]*;[^;]*;[^;]*;(?<who>[^;)]+)\)")
        .Cast<Match>()
        .Where(entry => entry.Groups["type"].Value == "A" && !entry.Groups["flags"].Value.Contains("IO"))
        .Select(entry => entry.Groups["who"].Value)
        .FirstOrDefault(who => Crowds.Contains(who, StringComparer.Ordinal));

    /// <summary>
    /// Gives a finished temporary file its name if nothing has that name yet: the first of several processes wins, and nobody ever sees a
    /// half-made file. Answers false, with the temporary file still there, when the name is taken.
    /// </summary>
    internal static bool PublishNew(string temporary, string path)
    {
        if (OnWindows)
        {
            int moved = NativeWindows.MoveNew(temporary, path);
            if (moved is NativeWindows.FileExists or NativeWindows.AlreadyExists)
            {
                return false;
            }

            ThrowFor(moved, path, exists: false);
            return true;
        }

        int error = NativeUnix.Link(temporary, path);
        if (error == 0)
        {
            DeleteQuietly(temporary);
        }
        else if (error == NativeUnix.Exists || ((NativeUnix.MeansNoLinks(error)) && (File.Exists(path) || Directory.Exists(path))))
        {
            return false;
        }
        else if (NativeUnix.MeansNoLinks(error))
        {
            ThrowFor(NativeUnix.Rename(temporary, path), path, exists: false);
        }
        else
        {
            ThrowFor(error, path, exists: false);
        }

        SyncFolderOf(path);
        return true;
    }

    internal static void SyncFolderOf(string path)
    {
        // On Windows the rename itself is written through.
        if (!OnWindows && Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder)
        {
            NativeUnix.SyncFolder(folder);
        }
    }

    internal static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What led here is the error worth reporting; a left-over file is private and harmless.
        }
    }

    internal static string WindowsAccess(bool isFolder)
    {
        string inherit = isFolder ? "OICI" : "";
        return $"D:P(A;{inherit};FA;;;{NativeWindows.CurrentUserSid()})(A;{inherit};FA;;;SY)(A;{inherit};FA;;;BA)";
    }

    private static void ThrowFor(int error, string path, bool exists)
    {
        if (exists)
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.FileExists, $"The file '{path}' exists already.") { Target = path };
        }

        if (error != 0)
        {
            throw FileProblems.NotWritable(path, OnWindows ? new System.ComponentModel.Win32Exception(error).Message : NativeUnix.Describe(error), null);
        }
    }
}
