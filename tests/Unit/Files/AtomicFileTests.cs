using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Files;
using KeyManager.Providers.Files;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_made_and_replaced_and_nothing_else_is_left()
    {
        string path = _folder.File("a.pem");

        new FileWriter().Write(path, [1, 2], isPrivate: false);
        Assert.Equal([1, 2], File.ReadAllBytes(path));
        new FileWriter().Write(path, [3], isPrivate: true);
        Assert.Equal([3], File.ReadAllBytes(path));
        AtomicFile.Write(path, [], isPrivate: true);

        Assert.Empty(File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_private_file_is_private_and_a_public_one_keeps_the_mode_it_had()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are of Unix.");
            return;
        }

        string key = _folder.File("key.pem"), certificate = _folder.File("certificate.pem");
        AtomicFile.WriteAll([new FileContent(key, [1], true), new FileContent(certificate, [2], false)]);
        Assert.Equal(Private, File.GetUnixFileMode(key));
        Assert.Equal(Public, File.GetUnixFileMode(certificate));

        // A key that everybody could read is closed; one that an administrator gave to a group stays so, or the service fails at the next renewal.
        File.SetUnixFileMode(key, Public);
        File.SetUnixFileMode(certificate, Private);
        AtomicFile.WriteAll([new FileContent(key, [1], true), new FileContent(certificate, [2], false)]);
        Assert.Equal(Private, File.GetUnixFileMode(key));
        Assert.Equal(Private, File.GetUnixFileMode(certificate));

        File.SetUnixFileMode(key, Private | UnixFileMode.GroupRead);
        AtomicFile.Write(key, [3], true);
        Assert.Equal(Private | UnixFileMode.GroupRead, File.GetUnixFileMode(key));
    }

    [Fact]
    public void When_one_file_cannot_be_put_in_place_all_stay_as_they_were()
    {
        string key = _folder.File("key.pem"), fresh = _folder.File("chain.pem"), certificate = _folder.File("certificate.pem");
        File.WriteAllBytes(key, [1]);

        // It becomes a folder after the files were prepared: the list below does that when its last member is read.
        FileContent last = new(certificate, [12], false);
        Sabotage files = new([new FileContent(key, [10], true), new FileContent(fresh, [11], false), last], () => Directory.CreateDirectory(certificate));

        DeploymentException e = Assert.Throws<DeploymentException>(() => AtomicFile.WriteAll(files));

        Assert.Equal(ErrorIds.FileNotWritable, e.ErrorId);
        Assert.Contains(certificate, e.Message);
        Assert.Equal([1], File.ReadAllBytes(key));
        Assert.Equal([key], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void When_one_file_cannot_be_prepared_no_other_is_touched()
    {
        string key = _folder.File("key.pem");
        File.WriteAllBytes(key, [1]);

        Assert.Throws<DeploymentException>(() => AtomicFile.WriteAll([new FileContent(key, [10], true), new FileContent(_folder.File("missing/certificate.pem"), [2], false)]));

        Assert.Equal([1], File.ReadAllBytes(key));
        Assert.Equal([key], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void The_cause_is_named()
    {
        string folder = _folder.File("folder");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(_folder.File("file"), []);

        AssertRefused(folder, "there is a folder of that name");
        AssertRefused(_folder.File("missing/a.pem"), OperatingSystem.IsWindows() ? "" : "the folder does not exist");
        AssertRefused(_folder.File("file/a.pem"), OperatingSystem.IsWindows() ? "" : "a part of the path is a file");
        if (OperatingSystem.IsLinux())
        {
            AssertRefused("/proc/a.pem", "");
        }
    }

    [Fact]
    public void A_full_disk_leaves_the_old_file()
    {
        // A file system of one page, where the machine lets us make one.
        string mount = _folder.File("small");
        Directory.CreateDirectory(mount);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Mount.TryTmpfs(mount, 16384), "Mounting a small file system needs root.");
        try
        {
            string path = Path.Combine(mount, "a.pem");
            AtomicFile.Write(path, [1], isPrivate: true);

            DeploymentException e = Assert.Throws<DeploymentException>(() => AtomicFile.Write(path, new byte[100_000], isPrivate: true));

            Assert.Equal(ErrorIds.FileNotWritable, e.ErrorId);
            Assert.Contains("the disk is full", e.Message);
            Assert.Equal([1], File.ReadAllBytes(path));
            Assert.Equal([path], Directory.GetFiles(mount));
        }
        finally
        {
            Mount.Remove(mount);
        }
    }

    [Fact]
    public void A_read_only_file_system_is_named()
    {
        string mount = _folder.File("frozen");
        Directory.CreateDirectory(mount);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Mount.TryTmpfs(mount, 65536, "ro"), "Mounting a read-only file system needs root.");
        try
        {
            AssertRefused(Path.Combine(mount, "a.pem"), "the file system is read-only");
        }
        finally
        {
            Mount.Remove(mount);
        }
    }

    [Fact]
    public void A_symbolic_link_is_replaced_and_its_target_left_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        string target = _folder.File("target"), link = _folder.File("link");
        File.WriteAllBytes(target, [1]);
        File.CreateSymbolicLink(link, target);

        AtomicFile.Write(link, [2], isPrivate: true);

        Assert.Equal([1], File.ReadAllBytes(target));
        Assert.Equal([2], File.ReadAllBytes(link));
        Assert.Null(new FileInfo(link).LinkTarget);
    }

    private static void AssertRefused(string path, string reason)
    {
        DeploymentException e = Assert.Throws<DeploymentException>(() => AtomicFile.Write(path, [1], isPrivate: true));
        Assert.Equal(ErrorIds.FileNotWritable, e.ErrorId);
        Assert.Contains(path, e.Message);
        Assert.Contains(reason, e.Message);
        Assert.DoesNotContain(".new'", e.Message);
    }

    /// <summary>A list that does something once its last member was handed out.</summary>
    private sealed class Sabotage(FileContent[] files, Action afterLast) : IReadOnlyList<FileContent>
    {
        public int Count => files.Length;

        public FileContent this[int index] => files[index];

        public IEnumerator<FileContent> GetEnumerator()
        {
            foreach (FileContent file in files)
            {
                yield return file;
            }

            afterLast();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
