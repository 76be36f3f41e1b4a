using System.Linq;

namespace KeyManager.Providers.Deployments;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit code, 0 when it succeeded.</param>
/// <param name="Output">The end of what it said, on one line.</param>
internal sealed record CommandOutcome(int ExitCode, string Output)
{
    private const int Longest = 600;

    /// <summary>Puts what it said on one line.</summary>
    public static CommandOutcome Of(int exitCode, string said)
    {
        string text = string.Join(" / ", said.Split('\r', '\n').Select(line => line.Trim()).Where(line => line.Length > 0));
        return new CommandOutcome(exitCode, text.Length > Longest ? "..." + text.Substring(text.Length - Longest) : text);
    }
}
