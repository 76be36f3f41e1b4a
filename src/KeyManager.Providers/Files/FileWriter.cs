using System.Collections.Generic;
using KeyManager.Files;

namespace KeyManager.Providers.Files;

/// <summary>The file system of this machine, through <see cref="AtomicFile"/>.</summary>
public sealed class FileWriter : IFileWriter
{
    public void Write(string path, byte[] content, bool isPrivate) => AtomicFile.Write(path, content, isPrivate);

    public void WriteAll(IReadOnlyList<FileContent> files) => AtomicFile.WriteAll(files);
}
