using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;

namespace KeyManager.Tests;

/// <summary>Members that .NET has and .NET Framework lacks, as far as tests use them, so that one source serves both.</summary>
internal static class FrameworkExtensions
{
    extension(OperatingSystem)
    {
        public static bool IsWindows() => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

        public static bool IsLinux() => RuntimeInformation.IsOSPlatform(OSPlatform.Linux);

        public static bool IsMacOS() => RuntimeInformation.IsOSPlatform(OSPlatform.OSX);
    }

    extension(File)
    {
        public static UnixFileMode GetUnixFileMode(string path) => (UnixFileMode)Convert.ToInt32(Output("stat", "-L", "-c", "%a", path), 8);

        public static void SetUnixFileMode(string path, UnixFileMode mode) => Output("chmod", Convert.ToString((int)mode, 8), path);

        public static void CreateSymbolicLink(string path, string target) => Output("ln", "-s", target, path);
    }

    extension(FileInfo file)
    {
        public string? LinkTarget => Output("stat", "-c", "%F", file.FullName) == "symbolic link" ? Output("readlink", file.FullName) : null;
    }

    extension(Convert)
    {
        public static string ToHexString(byte[] data) => BitConverter.ToString(data).Replace("-", "");

        public static byte[] FromHexString(string text) => [.. Enumerable.Range(0, text.Length / 2).Select(i => Convert.ToByte(text.Substring(2 * i, 2), 16))];
    }

    extension(Encoding)
    {
        public static Encoding Latin1 => Encoding.GetEncoding(28591);
    }

    extension(ValueTask)
    {
        public static ValueTask CompletedTask => default;
    }

    extension(SHA256)
    {
        public static byte[] HashData(byte[] data)
        {
            using SHA256 hash = SHA256.Create();
            return hash.ComputeHash(data);
        }
    }

    extension(Array)
    {
        public static void Fill<T>(T[] array, T value)
        {
            for (int i = 0; i < array.Length; i++)
            {
                array[i] = value;
            }
        }
    }

    extension(string text)
    {
        public static string Create(IFormatProvider provider, FormattableString interpolated) => interpolated.ToString(provider);

        public static string Join(char separator, IEnumerable<string> parts) => string.Join(separator.ToString(), parts);

        public string[] Split(string separator) => text.Split([separator], StringSplitOptions.None);

        public string[] Split(char separator, StringSplitOptions options) => text.Split([separator], options);

        public string[] Split(char separator, int count) => text.Split([separator], count);

        public string Replace(string old, string replacement, StringComparison comparison) =>
            comparison == StringComparison.Ordinal ? text.Replace(old, replacement) : throw new NotSupportedException("Only ordinal.");

        public bool StartsWith(char first) => text.Length > 0 && text[0] == first;

        public bool EndsWith(char last) => text.Length > 0 && text[text.Length - 1] == last;

        public bool Contains(char character) => text.IndexOf(character) >= 0;

        public bool Contains(string part, StringComparison comparison) => text.IndexOf(part, comparison) >= 0;
    }

    extension<T>(IEnumerable<T> items)
    {
        public IEnumerable<T> Order() => items.OrderBy(item => item);

        public IEnumerable<T> Order(IComparer<T> comparer) => items.OrderBy(item => item, comparer);

        public IEnumerable<T[]> Chunk(int size) => items.Select((item, i) => (item, i)).GroupBy(pair => pair.i / size, pair => pair.item).Select(group => group.ToArray());
    }

    extension<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> items)
    {
        public TValue? GetValueOrDefault(TKey key) => items.TryGetValue(key, out TValue? value) ? value : default;
    }

    extension<TKey, TValue>(KeyValuePair<TKey, TValue> pair)
    {
        public void Deconstruct(out TKey key, out TValue value)
        {
            key = pair.Key;
            value = pair.Value;
        }
    }

    extension<T>(Queue<T> queue)
    {
        public bool TryDequeue(out T? item)
        {
            bool some = queue.Count > 0;
            item = some ? queue.Dequeue() : default;
            return some;
        }
    }

    extension(Stream stream)
    {
        public void ReadExactly(byte[] buffer)
        {
            for (int read = 0, more; read < buffer.Length; read += more)
            {
                more = stream.Read(buffer, read, buffer.Length - read);
                if (more == 0)
                {
                    throw new EndOfStreamException();
                }
            }
        }

        public void Write(byte[] data) => stream.Write(data, 0, data.Length);
    }

    extension(ProcessStartInfo start)
    {
        public ArgumentList ArgumentList => new(start);
    }

    extension(X509Certificate2 certificate)
    {
        public string GetCertHashString(HashAlgorithmName hash) => hash == HashAlgorithmName.SHA256
            ? Convert.ToHexString(SHA256.HashData(certificate.RawData))
            : throw new NotSupportedException("Only SHA-256.");
    }

    private static string Output(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new IOException($"{program} {string.Join(" ", arguments)} ended with {process.ExitCode}.");
    }
}
