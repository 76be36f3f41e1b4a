using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Deployments;

/// <summary>A program of this machine, started without a window and without a shell. What it says is kept; disposing ends it.</summary>
internal sealed class ChildProgram : IDisposable
{
    // A daemon that a command has started may keep its pipes open for ever.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Clock _clock;
    private readonly TaskCompletionSource<bool> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _said = new();
    private readonly Task _errors;
    private Task _output = Task.CompletedTask;

    /// <exception cref="DeploymentException">KmProgramNotFound.</exception>
    public ChildProgram(Clock clock, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        _clock = clock;
        _process = new Process
        {
            EnableRaisingEvents = true,
            StartInfo = new ProcessStartInfo(program, CommandLine.Join(arguments))
            {
                UseShellExecute = false,
                CreateNoWindow = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (KeyValuePair<string, string> variable in environment ?? new Dictionary<string, string>())
        {
            _process.StartInfo.EnvironmentVariables[variable.Key] = variable.Value;
        }

        _process.Exited += (_, _) => _exited.TrySetResult(true);
        try
        {
            _process.Start();
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or IOException)
        {
            _process.Dispose();
            throw DeployProblems.ProgramMissing(program, error);
        }

        _errors = CollectAsync(_process.StandardError);
    }

    /// <summary>To the program.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>From the program.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="DeploymentException">KmProgramNotFound.</exception>
    /// <exception cref="TimeoutException">It took longer than <paramref name="limit"/>; it was ended.</exception>
    public static async Task<CommandOutcome> RunAsync(
        Clock clock, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, TimeSpan limit, CancellationToken cancellationToken)
    {
        using ChildProgram child = new(clock, program, arguments, environment);
        child._process.StandardInput.Close();
        child._output = child.CollectAsync(child._process.StandardOutput);
        return await TimeLimit.RunAsync(clock, limit, _ => child.EndAsync(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<CommandOutcome> EndAsync()
    {
        await _exited.Task.ConfigureAwait(false);
        using CancellationTokenSource heard = new();
        await Task.WhenAny(Task.WhenAll(_output, _errors), _clock.DelayAsync(LastWords, heard.Token)).ConfigureAwait(false);
        heard.Cancel();
        lock (_said)
        {
            return CommandOutcome.Of(_process.ExitCode, _said.ToString());
        }
    }

    /// <summary>Ends it, after a moment in which it may end by itself.</summary>
    /// <returns>Everything that it said.</returns>
    public async Task<string> EndNowAsync()
    {
        using CancellationTokenSource waited = new();
        await Task.WhenAny(_exited.Task, _clock.DelayAsync(LastWords, waited.Token)).ConfigureAwait(false);
        waited.Cancel();
        Kill();
        _ = await EndAsync().ConfigureAwait(false);
        lock (_said)
        {
            return _said.ToString();
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has just ended.
        }
    }

    private async Task CollectAsync(StreamReader reader)
    {
        char[] buffer = new char[1024];
        try
        {
            int count;
            while ((count = await reader.ReadAsync(buffer, 0, buffer.Length).ConfigureAwait(false)) > 0)
            {
                lock (_said)
                {
                    _said.Append(buffer, 0, count);
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // It was ended.
        }
    }
}
