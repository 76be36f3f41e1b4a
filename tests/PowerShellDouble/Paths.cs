using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO;
using System.Linq;

namespace System.Management.Automation;

public sealed class SessionState
{
    public PathIntrinsics Path { get; } = new();

    public PSVariableIntrinsics PSVariable { get; } = new();
}

public sealed class PSVariableIntrinsics
{
    private readonly Dictionary<string, object> _values = new(StringComparer.OrdinalIgnoreCase);

    public object GetValue(string name) => _values.TryGetValue(name, out object value) ? value : null;

    public void Set(string name, object value) => _values[name] = value;
}

/// <summary>A session with the file system and the drives Env: and Variable:, at a location of its own.</summary>
public sealed class PathIntrinsics
{
    public PathInfo CurrentLocation { get; set; } = new(Directory.GetCurrentDirectory());

    public PathInfo CurrentFileSystemLocation => CurrentLocation;

    public string GetUnresolvedProviderPathFromPSPath(string path) => GetUnresolvedProviderPathFromPSPath(path, out _, out _);

    public string GetUnresolvedProviderPathFromPSPath(string path, out ProviderInfo provider, out PSDriveInfo drive)
    {
        drive = null;
        const string Qualifier = "Microsoft.PowerShell.Core\\FileSystem::";
        if (path.StartsWith(Qualifier, StringComparison.OrdinalIgnoreCase))
        {
            path = path.Substring(Qualifier.Length);
        }

        int colon = path.IndexOf(':');
        bool isLetter = colon == 1 && IO.Path.DirectorySeparatorChar == '\\';
        if (colon > 0 && !isLetter)
        {
            string name = path.Substring(0, colon);
            provider = name.ToUpperInvariant() switch
            {
                "ENV" => new ProviderInfo("Environment"),
                "VARIABLE" => new ProviderInfo("Variable"),
                _ => throw new DriveNotFoundException($"Cannot find drive. A drive with the name '{name}' does not exist."),
            };
            return path.Substring(colon + 1);
        }

        provider = new ProviderInfo("FileSystem");
        path = path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path.Substring(1)
            : path;
        return IO.Path.GetFullPath(IO.Path.Combine(CurrentLocation.Path, path));
    }

    public Collection<string> GetResolvedProviderPathFromPSPath(string path, out ProviderInfo provider)
    {
        string full = GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
        if (provider.Name != "FileSystem" || File.Exists(full) || Directory.Exists(full))
        {
            return [full];
        }

        string folder = IO.Path.GetDirectoryName(full);
        if (!WildcardPattern.ContainsWildcardCharacters(path) || !Directory.Exists(folder))
        {
            throw new ItemNotFoundException($"Cannot find path '{full}' because it does not exist.");
        }

        WildcardPattern pattern = new(IO.Path.GetFileName(full), WildcardOptions.IgnoreCase);
        return [.. Directory.GetFileSystemEntries(folder).Where(e => pattern.IsMatch(IO.Path.GetFileName(e))).OrderBy(e => e, StringComparer.Ordinal)];
    }
}

public sealed class PathInfo(string path)
{
    public string Path { get; } = path;

    public override string ToString() => Path;
}

public class ProviderInfo(string name)
{
    public string Name { get; } = name;
}

public class PSDriveInfo;
