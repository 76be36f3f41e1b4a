using System;
using System.IO;
using System.Text;

namespace KeyManager.Files;

/// <summary>Writes a text file of any length: whole or not at all.</summary>
internal static class WholeFile
{
    /// <exception cref="ConflictException">KmFileExists.</exception>
    /// <exception cref="DeploymentException">KmFileNotWritable.</exception>
    public static void Write(string path, bool overwrite, Action<TextWriter> write)
    {
        if (!overwrite && File.Exists(path))
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.FileExists, $"The file '{path}' exists.") { Target = path, Remedy = "Use -Force to replace it, or another -Path." };
        }

        string temporary = $"{path}.{Identifier.New()}.tmp";
        try
        {
            using (StreamWriter writer = new(new FileStream(temporary, FileMode.CreateNew, FileAccess.Write), new UTF8Encoding(false)))
            {
                write(writer);
            }

            if (File.Exists(path))
            {
                File.Replace(temporary, path, null);
            }
            else
            {
                File.Move(temporary, path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DeploymentException(ErrorIds.FileNotWritable, $"The file '{path}' cannot be written: {e.Message.TrimEnd('.')}.", e) { Target = path, Remedy = "Check the folder, its rights and its space." };
        }
        finally
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }
    }
}
