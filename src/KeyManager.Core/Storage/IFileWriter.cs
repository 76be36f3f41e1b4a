using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>Puts files on the local disk so that they are either whole or not there.</summary>
public interface IFileWriter
{
    /// <summary>
    /// Writes all files or none: each into a temporary file beside its place, flushed to the disk, then renamed over in the given order. When one
    /// cannot be put in place, those before it are put back as they were. Private files are readable by their owner only, from the first byte.
    /// </summary>
    /// <exception cref="DeploymentException">KmFileNotWritable with the path and the cause.</exception>
    void WriteAll(IReadOnlyList<FileContent> files);
}
