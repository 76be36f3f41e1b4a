using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using KeyManager.Files;

namespace KeyManager.Providers.Files;

/// <summary>
/// Writes files through a temporary file in the same folder, so that a reader, a full disk or a killed process never meets half a file.
/// </summary>
public static class AtomicFile
{
    private const int OwnerWriteMask = 0x1FF;
    private static readonly bool OnWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>Writes or replaces a file; see <see cref="IFileWriter.Write"/>.</summary>
    public static void Write(string path, byte[] content, bool isPrivate) => WriteAll([new FileContent(path, content, isPrivate)]);

    /// <summary>Writes files that belong together; see <see cref="IFileWriter.WriteAll"/>.</summary>
    public static void WriteAll(IReadOnlyList<FileContent> files)
    {
        _ = files ?? throw new ArgumentNullException(nameof(files));
        List<Step> steps = [];
        try
        {
            foreach (FileContent file in files)
            {
                steps.Add(new Step(Path.GetFullPath(file.Path), file));
                steps[steps.Count - 1].Prepare(keepOld: files.Count > 1);
            }

            foreach (Step step in steps)
            {
                step.PutInPlace();
            }
        }
        catch
        {
            foreach (Step step in Enumerable.Reverse(steps))
            {
                step.PutBack();
            }

            throw;
        }
        finally
        {
            foreach (Step step in steps)
            {
                step.CleanUp();
            }
        }

        foreach (string folder in steps.Where(step => step.IsLasting).Select(step => step.Path).Distinct(StringComparer.Ordinal))
        {
            PrivateFile.SyncFolderOf(folder);
        }
    }

    /// <summary>One file on its way.</summary>
    private sealed class Step(string path, FileContent file)
    {
        private readonly string _temporary = NameBeside(path, "new");
        private readonly string _old = NameBeside(path, "old");
        private bool _existed;
        private bool _isInPlace;

        public string Path => path;

        public bool IsLasting => file.IsLasting;

        /// <summary>Writes the content beside the target, and keeps a second name for what the target holds now.</summary>
        public void Prepare(bool keepOld)
        {
            if (Directory.Exists(path))
            {
                throw FileProblems.NotWritable(path, "there is a folder of that name", null);
            }

            try
            {
                PrivateFile.WriteNew(_temporary, file.Content, file.IsLasting);
            }
            catch (DeploymentException e)
            {
                // The user knows the target, not our temporary name.
                throw new DeploymentException(e.ErrorId, e.Message.Replace(_temporary, path), e.InnerException) { Target = path, Remedy = e.Remedy };
            }

            _existed = File.Exists(path);
            CopyRights();
            if (keepOld && _existed)
            {
                KeepOld();
            }
        }

        public void PutInPlace()
        {
            int error = OnWindows ? NativeWindows.Replace(_temporary, path) : NativeUnix.Rename(_temporary, path);
            if (error != 0)
            {
                throw FileProblems.NotWritable(path, OnWindows ? new System.ComponentModel.Win32Exception(error).Message : NativeUnix.Describe(error), null);
            }

            _isInPlace = true;
        }

        public void PutBack()
        {
            if (_isInPlace && _existed)
            {
                _ = OnWindows ? NativeWindows.Replace(_old, path) : NativeUnix.Rename(_old, path);
            }
            else if (_isInPlace)
            {
                PrivateFile.DeleteQuietly(path);
            }
        }

        public void CleanUp()
        {
            PrivateFile.DeleteQuietly(_temporary);
            PrivateFile.DeleteQuietly(_old);
        }

        private static string NameBeside(string path, string what) => System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(path) ?? "",
            $".{System.IO.Path.GetFileName(path)}.{Identifier.New()}.{what}");

        /// <summary>
        /// The new file belongs to whom the old one belonged to, so that a service which reads its key still can after a renewal. Others never
        /// read a private file; a group does only where an administrator had given it exactly that (0640).
        /// </summary>
        private void CopyRights()
        {
            if (OnWindows)
            {
                if (!file.IsPrivate)
                {
                    _ = NativeWindows.SetAccessList(_temporary, PublicAccess());
                }

                return;
            }

            UnixFileStatus? old = _existed ? NativeUnix.GetStatus(path) : null;
            UnixFileStatus? made = NativeUnix.GetStatus(_temporary);
            if (old is not null && made is not null && (old.UserId != made.UserId || old.GroupId != made.GroupId))
            {
                // Works for root only; for others the file is theirs, as any file they write.
                _ = NativeUnix.ChangeOwner(_temporary, old.UserId, old.GroupId);
            }

            const int ReadableByGroup = 0x1A0; // 0640
            const int ReadableByAll = 0x1A4; // 0644
            int mode = file.IsPrivate
                ? (old?.Permissions == ReadableByGroup ? ReadableByGroup : PrivateFile.FileMode)
                : (old?.Permissions & OwnerWriteMask) ?? ReadableByAll;
            if (mode != PrivateFile.FileMode)
            {
                _ = NativeUnix.ChangeMode(_temporary, mode);
            }
        }

        /// <summary>What a file in that folder would have inherited: that of the file being replaced, else that of a folder's children.</summary>
        private string PublicAccess() => (_existed ? NativeWindows.GetAccessList(path) : null)
            ?? PrivateFile.WindowsAccess(isFolder: false) + "(A;;FR;;;BU)";

        private void KeepOld()
        {
            try
            {
                if (!OnWindows && NativeUnix.Link(path, _old) == 0)
                {
                    return;
                }

                // No hard links here: a copy, private because the file may be a key.
                PrivateFile.WriteNew(_old, File.ReadAllBytes(path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw FileProblems.NotWritable(path, e);
            }
        }
    }
}
