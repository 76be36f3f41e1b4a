using System.IO;

namespace KeyManager.Providers.Moving;

/// <summary>Paths that another program has written down.</summary>
internal static class ForeignPath
{
    /// <summary>Whether a file could be there: .NET Framework throws at a character that no path has.</summary>
    public static bool IsPath(string text) => text.IndexOfAny(Path.GetInvalidPathChars()) < 0;

    /// <summary>Whether it says where, wherever one stands.</summary>
    public static bool IsFull(string text) => IsPath(text) && Path.IsPathRooted(text);
}
