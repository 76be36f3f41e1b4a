using System;
using System.Linq;
using System.Text;
using KeyManager.Moving;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Moving;

/// <summary>What tests of the readers of other programs have in common: the program's folder, the machine's, and a certificate with its key.</summary>
public abstract class ForeignToolTests : IDisposable
{
    private readonly TemporaryFolder _machine = new();

    protected ForeignHome Home { get; } = new();

    protected KeystoreEntry Web { get; } = TestPki.Entry("web");

    /// <summary>Below it lie the folders of a <see cref="TestEnvironment"/>.</summary>
    protected string MachinePath => _machine.Path;

    public void Dispose()
    {
        Home.Dispose();
        _machine.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract IForeignTool NewTool();

    protected ForeignState Read() => NewTool().Read(Home.Path);

    /// <summary>Puts something else into a file, or takes it away.</summary>
    /// <param name="file">The file.</param>
    /// <param name="content">The text; <c>null</c> for no file.</param>
    /// <param name="word">A text that stands for bytes.</param>
    /// <param name="meaning">Those bytes.</param>
    protected void Spoil(string file, string? content, string word, Func<byte[]> meaning)
    {
        if (content is null)
        {
            Home.Delete(file);
        }
        else
        {
            Home.Write(file, content == word ? meaning() : Encoding.UTF8.GetBytes(content));
        }
    }

    /// <summary>Damages one of the files after the other in many ways, each time in a folder that is sound but for it.</summary>
    protected void AssertSurvives(string[] files)
    {
        byte[][] samples = [.. files.Select(f => System.IO.File.ReadAllBytes(Home.File(f)))];
        int run = 0;

        Mangle.Check(
            data =>
            {
                int file = run++ % files.Length;
                Home.Write(files[file], data);
                Read().Dispose();
                Home.Write(files[file], samples[file]);
            },
            200,
            samples);
    }

    /// <summary>The settings with their values and the secrets by their names, each by the alphabet with commas between them.</summary>
    protected static void AssertAccount(string provider, string settings, string secrets, ForeignDnsAccount account)
    {
        Assert.Equal(provider, account.Provider);
        Assert.Equal(settings, string.Join(",", account.Settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}")));
        Assert.Equal(secrets, string.Join(",", account.Secrets.Keys.OrderBy(s => s, StringComparer.Ordinal)));
    }
}
