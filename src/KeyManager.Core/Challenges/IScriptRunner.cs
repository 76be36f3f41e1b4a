using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Challenges;

/// <summary>Runs a script of the user's in the PowerShell that called.</summary>
public interface IScriptRunner
{
    /// <summary>Runs it with named parameters, and waits for its end. What it writes is shown, not taken.</summary>
    /// <param name="path">Full path of a .ps1 file.</param>
    /// <param name="parameters">Parameters by name.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ChallengeException">KmScriptFailed: it threw, or is not there.</exception>
    Task RunAsync(string path, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken);

    /// <summary>Runs the text of a script with named parameters, and waits for its end. What it writes is shown, not taken.</summary>
    /// <param name="name">What to call it in an error.</param>
    /// <param name="text">PowerShell.</param>
    /// <param name="parameters">Parameters by name: text, numbers, yes or no, lists and tables of these, and <see cref="ScriptSecret"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ChallengeException">KmScriptFailed: it threw.</exception>
    Task RunTextAsync(string name, string text, IReadOnlyDictionary<string, object> parameters, CancellationToken cancellationToken);

    /// <summary>Runs the text of a script with named parameters, and answers the lines that it writes.</summary>
    /// <param name="name">What to call it in an error.</param>
    /// <param name="text">PowerShell.</param>
    /// <param name="parameters">Parameters by name, as for <see cref="RunTextAsync"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ChallengeException">KmScriptFailed: it threw.</exception>
    Task<IReadOnlyList<string>> AskTextAsync(string name, string text, IReadOnlyDictionary<string, object> parameters, CancellationToken cancellationToken);

    /// <summary>A session of remoting that the user has opened to a computer, to go as a parameter to a script; <c>null</c> when there is none.</summary>
    /// <param name="computerName">The computer, as its target names it.</param>
    object? FindSession(string computerName);
}
