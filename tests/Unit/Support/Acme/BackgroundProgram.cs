using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;

namespace KeyManager.Tests.Support.Acme;

/// <summary>A program that runs beside the test until disposed.</summary>
internal sealed class BackgroundProgram : IDisposable
{
    private const int LinesKept = 2000;

    private readonly Process _process;
    private readonly Queue<string> _output = new();

    /// <param name="name">As PATH has it.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="environment">Variables to set; null takes one away.</param>
    /// <param name="arguments">One by one.</param>
    public BackgroundProgram(string name, string folder, IReadOnlyDictionary<string, string?> environment, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(name)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (KeyValuePair<string, string?> variable in environment)
        {
            start.Environment.Remove(variable.Key);
            if (variable.Value is not null)
            {
                start.Environment[variable.Key] = variable.Value;
            }
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start.");
        Drain(_process.StandardOutput);
        Drain(_process.StandardError);

        // A test run that ends in the middle leaves nothing running.
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>The last of what it wrote, to both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join("\n", _output);
            }
        }
    }

    /// <summary>What a program writes when it is asked about itself.</summary>
    public static string Ask(string name, string folder, string question)
    {
        ProcessStartInfo start = new(name, question)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start.");
        System.Threading.Tasks.Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + errors.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        Kill();
        _process.Dispose();
    }

    private void OnExit(object? sender, EventArgs e) => Kill();

    private void Kill()
    {
        try
        {
            _process.Kill();
            _process.WaitForExit(10_000);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private void Drain(StreamReader reader) => new Thread(() =>
    {
        try
        {
            while (reader.ReadLine() is string line)
            {
                lock (_output)
                {
                    _output.Enqueue(line);
                    if (_output.Count > LinesKept)
                    {
                        _output.Dequeue();
                    }
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It has ended.
        }
    }) { IsBackground = true }.Start();
}
