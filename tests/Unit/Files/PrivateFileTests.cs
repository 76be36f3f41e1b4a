using System;
using System.IO;
using KeyManager.Providers.Files;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Files;

public sealed class PrivateFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_private_while_it_is_still_empty()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are of Unix.");
            return;
        }

        PrivateFile.CreateNew(_folder.File("a"));
        PrivateFile.CreateFolder(_folder.File("b/c"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("a")));
        Assert.Equal(0, new FileInfo(_folder.File("a")).Length);
        foreach (string folder in (string[])["b", "b/c"])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.File(folder)));
        }
    }

    [Fact]
    public void A_file_that_exists_is_never_taken_over()
    {
        File.WriteAllBytes(_folder.File("a"), [1]);

        Assert.Equal(ErrorIds.FileExists, Assert.Throws<ConflictException>(() => PrivateFile.CreateNew(_folder.File("a"))).ErrorId);
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<ConflictException>(() => PrivateFile.WriteNew(_folder.File("a"), [2])).ErrorId);
        Assert.Equal([1], File.ReadAllBytes(_folder.File("a")));
    }

    [Fact]
    public void Of_two_that_publish_under_one_name_the_first_wins()
    {
        PrivateFile.WriteNew(_folder.File("one"), [1]);
        PrivateFile.WriteNew(_folder.File("two"), [2]);

        Assert.True(PrivateFile.PublishNew(_folder.File("one"), _folder.File("final")));
        Assert.False(PrivateFile.PublishNew(_folder.File("two"), _folder.File("final")));

        Assert.Equal([1], File.ReadAllBytes(_folder.File("final")));
        Assert.False(File.Exists(_folder.File("one")));
        Assert.True(File.Exists(_folder.File("two")));
    }

    [Fact]
    public void Names_in_any_script_work()
    {
        string path = _folder.File(OperatingSystem.IsWindows() ? "schlüssel 鍵 '.pem" : "schlüssel 鍵 '\".pem");

        PrivateFile.WriteNew(path, [1]);

        Assert.Equal([1], File.ReadAllBytes(path));
        Assert.Null(PrivateFile.FindRightsProblem(path, "The file"));
    }

    [Fact]
    public void The_rights_of_a_file_that_is_not_there_are_no_problem() => Assert.Null(PrivateFile.FindRightsProblem(_folder.File("none"), "The file"));

    [Theory]
    [InlineData("D:P(A;;FA;;;S-1-5-21-1-2-3-1001)(A;;FA;;;SY)(A;;FA;;;BA)", null)]
    [InlineData("D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)", "BU")]
    [InlineData("D:(A;;FR;;;WD)", "WD")]
    [InlineData("D:(A;;FR;;;AU)", "AU")]
    [InlineData("D:(D;;FR;;;WD)(A;OICIIO;FA;;;BU)", null)]
    [InlineData("D:(A;;FA;;;S-1-5-32-545)", "S-1-5-32-545")]
    public void A_crowd_in_a_Windows_access_list_is_found(string sddl, string? expected) => Assert.Equal(expected, PrivateFile.FindCrowd(sddl));
}
