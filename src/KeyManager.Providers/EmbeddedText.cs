using System;
using System.IO;
using System.Text;

namespace KeyManager.Providers;

/// <summary>Scripts that are part of the assembly.</summary>
internal static class EmbeddedText
{
    /// <summary>The text of a resource, by its full name.</summary>
    public static string Read(string resource)
    {
        using Stream stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"The resource {resource} is missing.");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
