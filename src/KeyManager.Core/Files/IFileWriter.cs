using System.Collections.Generic;

namespace KeyManager.Files;

/// <summary>Writes files so that nobody ever sees half of one.</summary>
public interface IFileWriter
{
    /// <summary>
    /// Writes or replaces one file. Afterwards the file holds the whole content, or what it held before. A private file can be read by its
    /// owner only, from before its first byte on.
    /// </summary>
    /// <exception cref="DeploymentException">KmFileNotWritable: the message names the path and the cause.</exception>
    void Write(string path, byte[] content, bool isPrivate);

    /// <summary>
    /// Writes files that belong together: all are written beside their targets first and then put in place in the order given, so name the
    /// key before its certificate. When one cannot be put in place, those before it are put back as they were.
    /// </summary>
    /// <exception cref="DeploymentException">KmFileNotWritable.</exception>
    void WriteAll(IReadOnlyList<FileContent> files);
}
