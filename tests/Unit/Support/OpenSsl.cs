using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Xunit;

namespace KeyManager.Tests.Support;

/// <summary>The openssl program, as a second opinion.</summary>
public static class OpenSsl
{
    /// <summary>Runs it and answers everything it says; skips the test where it is missing.</summary>
    public static (int ExitCode, string Output) Run(params string[] arguments)
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "openssl.exe" : "openssl")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "OpenSSL is not installed: Debian's package openssl brings the program openssl.");
        ProcessStartInfo start = new(program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        System.Threading.Tasks.Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
