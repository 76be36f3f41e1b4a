using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using KeyManager.Providers.Files;

namespace KeyManager.Providers.Secrets;

/// <summary>The passphrase that a job is given by its environment: a file is better, every process of the user can read a variable.</summary>
internal static class PassphraseVariables
{
    private const string Direct = "KM_STORE_PASSPHRASE";
    private const string FromFile = "KM_STORE_PASSPHRASE_FILE";

    /// <summary>The passphrases that are there, UTF-8, with the name of the variable; what is wrong goes into <paramref name="reasons"/>.</summary>
    public static List<(byte[] Passphrase, string Origin)> Read(HostEnvironment environment, List<string> reasons)
    {
        List<(byte[] Passphrase, string Origin)> found = [];
        if (environment.Variable(Direct) is { } value)
        {
            found.Add((Encoding.UTF8.GetBytes(value), Direct));
        }

        if (environment.Variable(FromFile) is { } path)
        {
            try
            {
                byte[] content = File.ReadAllBytes(path);
                found.Add((Trim(content), FromFile));
                Array.Clear(content, 0, content.Length);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                reasons.Add($"{FromFile}: {e.Message.TrimEnd('.')}");
            }
        }

        return found;
    }

    /// <summary>Without a byte order mark and without the end of line that editors add.</summary>
    private static byte[] Trim(byte[] content)
    {
        int start = content.Length >= 3 && content[0] == 0xEF && content[1] == 0xBB && content[2] == 0xBF ? 3 : 0;
        int end = content.Length;
        while (end > start && content[end - 1] is (byte)'\n' or (byte)'\r')
        {
            end--;
        }

        byte[] passphrase = new byte[end - start];
        Buffer.BlockCopy(content, start, passphrase, 0, passphrase.Length);
        return passphrase;
    }
}
