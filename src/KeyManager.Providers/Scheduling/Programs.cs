using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Scheduling;

/// <summary>Runs programs of the system, without a shell.</summary>
internal class Programs(Clock clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Full path of a program, <c>null</c> when the system does not have it.</summary>
    public virtual string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(["/usr/bin", "/bin", "/usr/sbin", "/sbin"]).Where(f => f.Length > 0).Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs it to its end.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">What it gets, one by one.</param>
    /// <param name="input">What it reads; <c>null</c> for nothing.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DeploymentException">KmTaskNotRegistered: it cannot be started, or hangs.</exception>
    public virtual async Task<(int Status, string Output, string Error)> RunAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken)
    {
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo(program, string.Join(" ", arguments.Select(Quote)))
            {
                UseShellExecute = false, CreateNoWindow = true, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
            return await TimeLimit.RunAsync(clock, Patience, _ => TalkAsync(process, input), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or IOException or TimeoutException)
        {
            throw new DeploymentException(ErrorIds.TaskNotRegistered, $"The program '{program}' cannot be used: {error.Message.TrimEnd('.')}.", error) { Target = program, Remedy = "Use another -Scheduler." };
        }
    }

    private static async Task<(int Status, string Output, string Error)> TalkAsync(Process process, string? input)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input).ConfigureAwait(false);
        }

        process.StandardInput.Close();
        string said = await output.ConfigureAwait(false);
        string complained = await error.ConfigureAwait(false);
        process.WaitForExit();
        return (process.ExitCode, said, complained.Trim());
    }

    // The rules by which .NET takes a command line apart again, on every system.
    private static string Quote(string argument) => argument.Length > 0 && argument.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '=' or '@' or ':')
        ? argument
        : "\"" + argument.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
}
