using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Providers.Files;
using KeyManager.Storage;

namespace KeyManager.Providers.Secrets;

/// <summary>
/// A key from 32 random bytes in a file: the protector for services and scheduled jobs on Linux. A systemd credential or a mounted secret
/// named "keymanager" takes the place of the file.
/// </summary>
internal sealed class KeyFileSource(HostEnvironment environment) : IKeySource
{
    private const string MountedName = "keymanager";

    public KeyProtectorKind Kind => KeyProtectorKind.KeyFile;

    public NewProtectorKey Create(KeyProtectorRequest request, ProtectorSite site)
    {
        string path = Path.GetFullPath(string.IsNullOrEmpty(request.Path) ? DefaultPath(site) : request.Path);
        if (File.Exists(path))
        {
            return new NewProtectorKey(ReadKey(path), path, "{}", () => { });
        }

        SecretBytes key = SecretBytes.Random(DataKey.Length);
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            {
                PrivateFile.CreateFolder(folder);
            }

            PrivateFile.WriteNew(path, key.Bytes);
            PrivateFile.SyncFolderOf(path);
            return new NewProtectorKey(key, path, "{}", () => PrivateFile.DeleteQuietly(path));
        }
        catch (KeyManagerException e)
        {
            key.Dispose();
            throw new StoreException(ErrorIds.ProtectorUnavailable, $"The key file cannot be made. {e.Message}", e)
            {
                Target = path,
                Remedy = "Choose another place for it with -KeyFilePath, or another kind of protector.",
            };
        }
    }

    public IEnumerable<SecretBytes> Find(ProtectorRow row, ProtectorSite site, byte[]? passphrase)
    {
        List<string> places = [.. Candidates(row).Where(File.Exists)];
        if (places.Count == 0)
        {
            throw new StoreException(ErrorIds.ProtectorUnavailable, $"the key file '{row.Path}' does not exist");
        }

        List<SecretBytes> keys = [];
        StoreException? problem = null;
        foreach (string place in places)
        {
            try
            {
                keys.Add(ReadKey(place));
            }
            catch (StoreException e)
            {
                problem = e;
            }
        }

        return keys.Count > 0 || problem is null ? keys : throw problem;
    }

    /// <summary>Where a new key file goes: never into the folder of the store, or whoever copies that has both.</summary>
    private string DefaultPath(ProtectorSite site)
    {
        bool forMachine = site.Location.Scope == StoreScope.LocalMachine;
        if (environment.IsWindows)
        {
            string root = forMachine ? environment.CommonApplicationData : environment.LocalApplicationData;
            return Path.Combine(root, "KeyManager", "Keys", site.StoreId + ".key");
        }

        if (!forMachine)
        {
            return Path.Combine(environment.XdgFolder("XDG_CONFIG_HOME", ".config"), "keymanager", site.StoreId + ".key");
        }

        string usual = Path.Combine(environment.MachineConfiguration, "store.key");
        bool isUsualStore = site.Location.Path == Path.Combine(environment.MachineData, "store.db");

        // The usual name is for the usual store, and never takes over a key that is there from another one.
        return isUsualStore && !File.Exists(usual) ? usual : Path.Combine(environment.MachineConfiguration, site.StoreId + ".key");
    }

    private IEnumerable<string> Candidates(ProtectorRow row)
    {
        if (environment.Variable("CREDENTIALS_DIRECTORY") is { } credentials)
        {
            yield return Path.Combine(credentials, MountedName);
        }

        yield return Path.Combine(environment.MountedSecrets, MountedName);
        yield return row.Path;
    }

    private SecretBytes ReadKey(string path)
    {
        // systemd and container runtimes choose the mode of what they mount (0440 with an access list, 0444 in a private mount).
        if (!IsMounted(path) && PrivateFile.FindRightsProblem(path, "The key file") is { } problem)
        {
            throw problem;
        }

        byte[] content;
        try
        {
            if (new FileInfo(path).Length > 1024)
            {
                throw WrongContent(path);
            }

            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(ErrorIds.ProtectorUnavailable, $"the key file '{path}' cannot be read: {e.Message}", e) { Target = path };
        }

        if (content.Length == DataKey.Length)
        {
            return SecretBytes.Take(content);
        }

        // Tools that can only store text hold it in base 64.
        try
        {
            byte[] decoded = Convert.FromBase64String(Encoding.ASCII.GetString(content).Trim());
            if (decoded.Length == DataKey.Length)
            {
                return SecretBytes.Take(decoded);
            }
        }
        catch (FormatException)
        {
            // Neither of the two forms.
        }
        finally
        {
            Array.Clear(content, 0, content.Length);
        }

        throw WrongContent(path);
    }

    private bool IsMounted(string path) =>
        IsBelow(path, environment.MountedSecrets)
        || IsBelow(path, "/run/credentials")
        || (environment.Variable("CREDENTIALS_DIRECTORY") is { } credentials && IsBelow(path, credentials));

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static StoreException WrongContent(string path) =>
        new(ErrorIds.ProtectorUnavailable, $"the file '{path}' is not a key file (32 bytes, or their base 64)") { Target = path };
}
