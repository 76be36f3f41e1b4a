using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace KeyManager.PowerShell;

/// <summary>Turns what users write after -Path into full paths. Call it on the pipeline's thread only.</summary>
internal static class PathParameter
{
    private const string FileSystem = "FileSystem";

    /// <summary>The full path, which need not exist; wildcards are taken literally.</summary>
    public static string Resolve(PSCmdlet cmdlet, string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw Invalid(path, "The path is empty.", null);
        }

        try
        {
            string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == FileSystem ? full : throw NotAFile(path);
        }
        catch (RuntimeException error)
        {
            // A drive or a provider that does not exist, or a path it cannot read.
            throw Invalid(path, $"The path '{path}' cannot be resolved: {error.Message}", error);
        }
    }

    /// <summary>The full paths of what exists and matches.</summary>
    public static IReadOnlyList<string> ResolveExisting(PSCmdlet cmdlet, string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw Invalid(path, "The path is empty.", null);
        }

        ICollection<string> found;
        try
        {
            found = cmdlet.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            if (provider.Name != FileSystem)
            {
                throw NotAFile(path);
            }
        }
        catch (ItemNotFoundException)
        {
            found = [];
        }
        catch (RuntimeException error)
        {
            throw Invalid(path, $"The path '{path}' cannot be resolved: {error.Message}", error);
        }

        return found.Count > 0
            ? [.. found]
            : throw new NotFoundException(ErrorIds.FileNotFound, $"The file '{path}' does not exist.") { Target = path, Remedy = "Check the path." };
    }

    private static InvalidRequestException NotAFile(string path) => Invalid(path, $"The path '{path}' is not in the file system.", null);

    private static InvalidRequestException Invalid(string path, string message, Exception? inner) =>
        new(ErrorIds.InvalidParameter, message, inner) { Target = path, Remedy = "Give the path of a file, for example ./order.csv." };
}
