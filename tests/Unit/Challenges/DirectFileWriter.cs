using System;
using System.Collections.Generic;
using System.IO;
using KeyManager.Files;
using KeyManager.Providers.Challenges;

namespace KeyManager.Tests.Challenges;

/// <summary>Writes without any care, and as narrow as a strict umask would have it.</summary>
internal sealed class DirectFileWriter : IFileWriter
{
    /// <summary>Runs before each write.</summary>
    public Action<FileContent>? Before { get; set; }

    public List<FileContent> Written { get; } = [];

    public void Write(string path, byte[] content, bool isPrivate) => WriteAll([new FileContent(path, content, isPrivate)]);

    public void WriteAll(IReadOnlyList<FileContent> files)
    {
        foreach (FileContent file in files)
        {
            Before?.Invoke(file);
            try
            {
                File.WriteAllBytes(file.Path, file.Content);
                UnixMode.Set(file.Path, 0x180); // rw-------
            }
            catch (IOException error)
            {
                throw new DeploymentException(ErrorIds.FileNotWritable, error.Message, error);
            }

            Written.Add(file);
        }
    }
}
