using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using KeyManager.Dns;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>
/// The second step with the agent of Azure Arc: it names a file that only a trusted user of this machine can read, and wants its content. The name comes over the network, so it is taken
/// only where such files are; otherwise any file of this machine could be asked for.
/// </summary>
internal static class ArcKey
{
    private const string Realm = "realm=";
    private const int LongestKey = 4096;

    /// <summary>Reads the key that the answer names.</summary>
    /// <exception cref="CredentialException">KmDnsCredentialRejected: it names another file, or the file cannot be read.</exception>
    public static string Read(DnsContext context, string folder, HttpAnswer answer)
    {
        string path = PathOf(answer.All("WWW-Authenticate").FirstOrDefault(v => v.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) ?? "");
        StringComparison letterCase = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (!path.EndsWith(".key", letterCase) || path.IndexOfAny(Path.GetInvalidPathChars()) >= 0 || !string.Equals(Path.GetDirectoryName(path), folder, letterCase))
        {
            throw ServiceErrors.Rejected(
                context, $"the agent of Azure Arc asks for the file '{path}', which is none of its keys in {folder}", "Look what answers in the agent's place; nothing was sent to it.");
        }

        byte[] key = [];
        try
        {
            key = new FileInfo(path).Length <= LongestKey ? File.ReadAllBytes(path) : throw new IOException($"it has more than {LongestKey} bytes");
            string text = Encoding.UTF8.GetString(key);
            return text.Any(char.IsControl) ? throw new IOException("it is not one line of text") : text;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ServiceErrors.Rejected(
                context,
                $"the key '{path}' of the agent of Azure Arc cannot be read: {error.Message}",
                "Run as root or as a member of the group himds; on Windows as an administrator or a member of Hybrid agent extension applications.");
        }
        finally
        {
            Array.Clear(key, 0, key.Length);
        }
    }

    private static string PathOf(string challenge)
    {
        int start = challenge.IndexOf(Realm, StringComparison.OrdinalIgnoreCase);
        return start < 0 ? "" : challenge.Substring(start + Realm.Length).Trim().Trim('"');
    }
}
