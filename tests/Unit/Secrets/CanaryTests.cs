using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Files;
using KeyManager.Providers.Storage;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Secrets;

/// <summary>Secrets that are easy to recognise are put through everything, and then looked for everywhere.</summary>
public sealed class CanaryTests
{
    private const string Passphrase = "canary-passphrase-7f3a";
    private const string Secret = "canary-secret-91c2";

    [Fact]
    public void No_secret_is_in_any_file_of_the_store()
    {
        using TestStore test = new(new KeyProtectorRequest(KeyProtectorKind.KeyFile), new KeyProtectorRequest(KeyProtectorKind.Passphrase, Passphrase: Encoding.UTF8.GetBytes(Passphrase)));
        byte[] fileKey = File.ReadAllBytes(test.Store.Protection.List().Single(p => p.Kind == KeyProtectorKind.KeyFile).Path);
        string folder = Path.GetDirectoryName(test.Location.Path)!;
        List<byte[]> seen = [];

        test.Store.Write(s => s.Secrets.Put(SecretRef.PrivateKey("k"), Encoding.UTF8.GetBytes(Secret)));
        Collect();
        test.Store.Write(s => s.Secrets.Put(SecretRef.PrivateKey("k"), Encoding.UTF8.GetBytes(Secret + Secret)));
        test.Store.Protection.RotateKey(Encoding.UTF8.GetBytes(Passphrase), false);
        Collect();
        test.Store.Write(s => s.Secrets.RemoveAll("key", "k"));
        test.Store.Backup(Path.Combine(folder, "backup.db"));
        test.Options = test.Options with { Migrations = [.. Migration.All, new Migration(Migration.All.Count + 1, "next", "CREATE TABLE next (a TEXT) STRICT;")] };
        test.Reopen();
        Collect();

        Assert.True(seen.Count >= 10);
        foreach (byte[] needle in Forms(Encoding.UTF8.GetBytes(Secret)).Concat(Forms(Encoding.UTF8.GetBytes(Passphrase))).Concat(Forms(fileKey)))
        {
            Assert.DoesNotContain(seen, file => file.AsSpan().IndexOf(needle) >= 0);
        }

        void Collect()
        {
            foreach (string path in Directory.GetFiles(folder))
            {
                using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                byte[] bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                seen.Add(bytes);
            }
        }
    }

    [Fact]
    public void The_search_would_find_a_secret()
    {
        using TestStore test = new();
        test.Store.Write(s => s.Settings.Put("leak", Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))));
        test.Store.Dispose();

        byte[] file = File.ReadAllBytes(test.Location.Path);
        Assert.Contains(Forms(Encoding.UTF8.GetBytes(Secret)), needle => file.AsSpan().IndexOf(needle) >= 0);
    }

    [Fact]
    public void No_secret_is_in_an_error_an_audit_line_or_a_printed_record()
    {
        using TestStore test = new(new KeyProtectorRequest(KeyProtectorKind.Passphrase, Passphrase: Encoding.UTF8.GetBytes(Passphrase)));
        test.Store.Write(s => s.Secrets.Put(SecretRef.PrivateKey("k"), Encoding.UTF8.GetBytes(Secret)));
        test.Environment.Variables["KM_STORE_PASSPHRASE"] = Secret;
        KeyProtectorRequest request = new(KeyProtectorKind.Passphrase, "again", Passphrase: Encoding.UTF8.GetBytes(Passphrase));
        StringBuilder said = new();

        Say(() => test.Reopen().Protection.Unlock());
        Say(() => test.Store.Protection.Unlock(Encoding.UTF8.GetBytes(Secret)));
        Say(() => test.Store.Protection.RotateKey(Encoding.UTF8.GetBytes(Secret), false));
        Say(() => test.Store.Protection.Unlock(Encoding.UTF8.GetBytes(Passphrase)));
        Say(() => test.Store.Protection.Add(request with { Passphrase = Encoding.UTF8.GetBytes(Secret.Substring(0, 7)) }));
        Say(() => test.Store.Protection.Add(request));
        Say(() => test.Store.Protection.Add(request));
        test.Meddle("UPDATE secrets SET owner_id = 'other'");
        Say(() => test.Store.Read(s => s.Secrets.Get(SecretRef.PrivateKey("other"))));
        said.Append(request).Append(new FileContent("/a", Encoding.UTF8.GetBytes(Secret), true)).Append(SecretRef.PrivateKey("k"));
        foreach (AuditEvent line in test.Store.Read(s => s.Audit.Query(null, null, null, null, null, 100)).Items)
        {
            said.Append(line);
        }

        string text = said.ToString();
        Assert.Contains(ErrorIds.StoreLocked, text);
        Assert.Contains(ErrorIds.WrongPassword, text);
        Assert.Contains(ErrorIds.SecretUndecryptable, text);
        Assert.DoesNotContain(Secret.Substring(0, 7) + "-", text);
        Assert.DoesNotContain("secret-91c2", text);
        Assert.DoesNotContain("passphrase-7f3a", text);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)), text);

        void Say(Action work)
        {
            Exception? e = Record.Exception(work);
            said.AppendLine(e?.ToString()).AppendLine((e as KeyManagerException)?.ErrorId).AppendLine((e as KeyManagerException)?.Remedy).AppendLine((e as KeyManagerException)?.Target?.ToString());
        }
    }

    [Fact]
    public void Locking_overwrites_the_key_in_memory()
    {
        Providers.Secrets.SecretBytes bytes = Providers.Secrets.SecretBytes.Random(32);
        byte[] memory = bytes.Bytes;
        Assert.NotEqual(new byte[32], memory);

        bytes.Dispose();

        Assert.Equal(new byte[32], memory);
    }

    /// <summary>As bytes, as text of two widths, as hexadecimal and as base 64 at each of its three offsets.</summary>
    private static IEnumerable<byte[]> Forms(byte[] secret)
    {
        yield return secret;
        yield return Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(secret));
        yield return Encoding.ASCII.GetBytes(Convert.ToHexString(secret));
        yield return Encoding.ASCII.GetBytes(Convert.ToHexString(secret).ToLowerInvariant());
        for (int offset = 0; offset < 3; offset++)
        {
            string text = Convert.ToBase64String([.. new byte[offset], .. secret]);

            // The first and last characters depend on the neighbours.
            yield return Encoding.ASCII.GetBytes(text.Substring(4, text.Length - 8));
        }
    }
}
