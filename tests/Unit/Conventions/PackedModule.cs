using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Conventions;

/// <summary>The module, packed once for all tests that look into the archives. Nothing is built: what the build of these tests laid out is packed.</summary>
public sealed class PackedModule : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackedModule()
    {
        string configuration = AppContext.BaseDirectory.Split(Path.DirectorySeparatorChar).Contains("Debug") ? "Debug" : "Release";
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = Repository.Root };
        string[] arguments = ["pack", Repository.File("src", "KeyManager.Module", "KeyManager.Module.csproj"), "-c", configuration, "--no-build", "-o", _folder.Path, "-nodeReuse:false"];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // No server may outlive the test and hold its output open.
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(120_000))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("dotnet pack did not end within two minutes.");
        }

        Assert.True(process.ExitCode == 0, $"dotnet pack failed: {output.Result}{errors.Result}");
    }

    /// <summary>As a repository of modules takes it.</summary>
    public string NuGet => Directory.GetFiles(_folder.Path, "*.nupkg").Single();

    /// <summary>As an administrator unpacks it.</summary>
    public string Zip => Directory.GetFiles(_folder.Path, "*.zip").Single();

    public void Dispose() => _folder.Dispose();
}
