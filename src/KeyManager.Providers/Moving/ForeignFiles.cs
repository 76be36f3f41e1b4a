using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Moving;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Moving;

/// <summary>Reads the files of another program. What is broken becomes a remark, and the rest is read.</summary>
internal sealed class ForeignFiles
{
    /// <summary>No file that is meant here is larger; a wrong one must not fill the memory.</summary>
    private const long Largest = 4L * 1024 * 1024;

    private const string MendThere = "Mend it in the other program, or leave this one there.";
    private const string ReadAsOther = "Read it as a user who may: root or an administrator.";

    private readonly List<ForeignRemark> _remarks = [];

    /// <summary>What was noted so far.</summary>
    public IReadOnlyList<ForeignRemark> Remarks => _remarks;

    /// <summary>Notes something.</summary>
    public void Note(ForeignRemark remark) => _remarks.Add(remark);

    /// <summary>Notes what people have to take over themselves.</summary>
    public void ByHand(MigrationKind kind, string name, string detail, string? remedy, string source) => Note(new(kind, name, detail, remedy, source));

    /// <summary>Notes what is broken.</summary>
    public void Problem(MigrationKind kind, string name, string detail, string? remedy, string source) => Note(new(kind, name, detail, remedy, source, IsProblem: true));

    /// <summary>The content of a file; <c>null</c> with a remark when it is not there or cannot be read.</summary>
    public byte[]? Read(MigrationKind kind, string name, string path)
    {
        try
        {
            FileInfo file = new(path);
            if (!file.Exists)
            {
                Problem(kind, name, $"The file '{path}' is missing.", MendThere, path);
            }
            else if (file.Length is 0 or > Largest)
            {
                Problem(kind, name, file.Length == 0 ? $"The file '{path}' is empty." : $"The file '{path}' is larger than 4 MiB.", MendThere, path);
            }
            else
            {
                return File.ReadAllBytes(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Problem(kind, name, $"The file '{path}' cannot be read: {error.Message}", ReadAsOther, path);
        }

        return null;
    }

    /// <summary>The text of a file (UTF-8); <c>null</c> with a remark when it cannot be read.</summary>
    public string? ReadText(MigrationKind kind, string name, string path) => Read(kind, name, path) is byte[] data ? new UTF8Encoding(false).GetString(data).TrimStart('\uFEFF') : null;

    /// <summary>The JSON object in a file; <c>null</c> with a remark when there is none.</summary>
    public JObject? ReadJson(MigrationKind kind, string name, string path)
    {
        if (ReadText(kind, name, path) is not string text)
        {
            return null;
        }

        try
        {
            using JsonTextReader reader = new(new StringReader(text)) { DateParseHandling = DateParseHandling.None, MaxDepth = 32 };
            return JObject.Load(reader);
        }
        catch (JsonException)
        {
            // Its message may quote the file, and the file may hold secrets.
            Problem(kind, name, $"The file '{path}' is no JSON.", MendThere, path);
            return null;
        }
    }

    /// <summary>Reads one thing; when it is broken that is noted, and the others are read.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">What the program calls it.</param>
    /// <param name="source">Where it is.</param>
    /// <param name="read">Reads it; a <see cref="FormatException"/> says in a sentence what is broken, without quoting secrets.</param>
    public T? Try<T>(MigrationKind kind, string name, string source, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (FormatException error)
        {
            Problem(kind, name, error.Message, MendThere, source);
        }
        catch (KeyManagerException error)
        {
            Problem(kind, name, error.Message, error.Remedy, source);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Problem(kind, name, error.Message, ReadAsOther, source);
        }

        return null;
    }

    /// <summary>The folders in a folder, by name; none when it is not there or may not be read.</summary>
    public IReadOnlyList<string> Folders(string path) => List(path, Directory.GetDirectories);

    /// <summary>The files in a folder that fit a pattern, by name; none when it is not there or may not be read.</summary>
    public IReadOnlyList<string> Files(string path, string pattern) => List(path, p => Directory.GetFiles(p, pattern));

    private IReadOnlyList<string> List(string path, Func<string, string[]> list)
    {
        try
        {
            return Directory.Exists(path) ? [.. list(path).OrderBy(p => p, StringComparer.Ordinal)] : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Problem(MigrationKind.Certificate, Path.GetFileName(path), $"The folder '{path}' cannot be read: {error.Message}", ReadAsOther, path);
            return [];
        }
    }
}
