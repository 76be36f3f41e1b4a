using System;
using System.IO;
using System.Management.Automation;
using System.Security;
using KeyManager.PowerShell;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

/// <summary>Base of the tests of cmdlets over a real store, without PowerShell.</summary>
public abstract class CmdletTests : IDisposable
{
    protected TestBench Bench { get; } = new();

    public void Dispose()
    {
        Bench.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected CmdletRunner<TCmdlet> Cmdlet<TCmdlet>()
        where TCmdlet : KmCmdlet, new() => Run.Cmdlet<TCmdlet>().WithServices(_ => Bench.Services).At(Bench.Test.Folder);

    private protected static void AssertFails(CmdletResult result, string errorId, ErrorCategory category)
    {
        Assert.StartsWith(errorId + ",", result.Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(category, result.Error.CategoryInfo.Category);
        Assert.False(string.IsNullOrEmpty(result.Error.ErrorDetails.RecommendedAction), "an error says what to do");
    }

    private protected static void AssertClean(CmdletResult result)
    {
        Assert.Null(result.Terminating);
        Assert.Empty(result.Errors);
    }

    private protected static SecureString Secret(string text)
    {
        SecureString secret = new();
        foreach (char c in text)
        {
            secret.AppendChar(c);
        }

        return secret;
    }

    private protected string Write(string name, byte[] content)
    {
        string path = Bench.File(name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
