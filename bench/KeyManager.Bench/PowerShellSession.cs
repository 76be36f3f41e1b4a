using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace KeyManager.Bench;

/// <summary>A PowerShell that runs one of the scripts beside this program, and does one piece of its work for each line it is sent.</summary>
internal sealed class PowerShellSession : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it, and waits until it is ready.</summary>
    public PowerShellSession(string script, params string[] arguments)
    {
        _process = PowerShell.Start(script, arguments);
        Expect("ready");
    }

    /// <summary>Does the work once more; answers how long that took, in milliseconds, or <c>null</c> when it failed.</summary>
    public double? Do(string what)
    {
        _process.StandardInput.WriteLine(what);
        _process.StandardInput.Flush();
        string[] answer = Read().Split(' ', 2);
        return answer[0] == "done" ? double.Parse(answer[1], CultureInfo.InvariantCulture) : null;
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(10_000))
            {
                _process.Kill();
            }
        }
        catch (IOException)
        {
            // It has ended by itself.
        }

        _process.Dispose();
    }

    /// <summary>The next line that is an answer; modules may write others.</summary>
    private string Read()
    {
        while (_process.StandardOutput.ReadLine() is string line)
        {
            if (line == "ready" || line.StartsWith("done ", StringComparison.Ordinal) || line.StartsWith("failed", StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException("PowerShell ended in the middle.");
    }

    private void Expect(string wanted)
    {
        string line = Read();
        if (line != wanted)
        {
            throw new InvalidOperationException($"PowerShell said '{line}' in place of '{wanted}'.");
        }
    }
}
