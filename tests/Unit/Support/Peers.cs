using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace KeyManager.Tests.Support;

/// <summary>Other people's programs as judges of our files. A missing one skips the test, saying which Debian package has it.</summary>
public static class Peers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs openssl; it must succeed.</summary>
    public static string OpenSsl(string folder, params string[] arguments) => Succeed(TryOpenSsl(folder, arguments), arguments);

    public static (int ExitCode, string Output) TryOpenSsl(string folder, params string[] arguments) => Run("openssl", "openssl", folder, arguments);

    /// <summary>Runs keytool; it must succeed.</summary>
    public static string Keytool(string folder, params string[] arguments) => Succeed(TryKeytool(folder, arguments), arguments);

    public static (int ExitCode, string Output) TryKeytool(string folder, params string[] arguments) => Run(
        "keytool",
        "openjdk-17-jdk-headless",
        folder,
        [.. arguments, "-J-Dfile.encoding=UTF-8", "-J-Dsun.jnu.encoding=UTF-8", "-J-XX:TieredStopAtLevel=1", "-J-Xshare:auto", "-J-Duser.language=en"]);

    /// <summary>Lets servers that run as other users through to a folder, but not look into those above it.</summary>
    public static void LetThrough(string folder)
    {
        for (DirectoryInfo? above = new(folder); above is not null && above.FullName != Path.GetTempPath().TrimEnd('/') && above.FullName != "/"; above = above.Parent)
        {
            Run("chmod", "coreutils", folder, ["o+x", above.FullName]);
        }
    }

    /// <summary>Skips the test when a program is not there.</summary>
    public static void Require(string program, string package) =>
        Assert.SkipUnless(IsOnPath(program), $"{program} is not on PATH; Debian has it in the package {package}.");

    private static string Succeed((int ExitCode, string Output) result, string[] arguments)
    {
        Assert.True(result.ExitCode == 0, $"'{string.Join(" ", arguments)}' ended with {result.ExitCode}: {result.Output}");
        return result.Output;
    }

    internal static (int ExitCode, string Output) Run(string program, string package, string folder, IReadOnlyList<string> arguments)
    {
        Require(program, package);
        ProcessStartInfo start = new(program)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            UseShellExecute = false,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LC_ALL"] = "C.UTF-8";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit((int)Patience.TotalMilliseconds))
        {
            process.Kill();
            Assert.Fail($"{program} {string.Join(" ", arguments)} did not end within {Patience}.");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));
}
