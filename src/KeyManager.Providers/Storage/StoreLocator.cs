using System;
using System.Collections.Generic;
using System.IO;
using KeyManager.Providers.Files;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>Finds out which store a command works with.</summary>
public sealed class StoreLocator(HostEnvironment environment)
{
    private const string FileName = "store.db";
    private const string Variable = "KM_STORE";

    /// <summary>For the real environment.</summary>
    public StoreLocator()
        : this(HostEnvironment.Current)
    {
    }

    /// <summary>
    /// The store to use: the path given, else KM_STORE, else the user's own if it exists, else the machine's if it exists and this user may
    /// read it, else the default for a new one (root's is the machine's). A path that is a folder means the file store.db in it.
    /// </summary>
    /// <param name="path">What the user gave; <c>null</c> or empty for nothing.</param>
    /// <param name="scope">Whose store; <c>null</c> to find out.</param>
    public StoreLocation Locate(string? path = null, StoreScope? scope = null)
    {
        string? named = string.IsNullOrWhiteSpace(path) ? environment.Variable(Variable) : path;
        if (named is not null)
        {
            string full = ToFile(named);
            return new StoreLocation(full, scope ?? ScopeOf(full));
        }

        if (scope is { } wanted)
        {
            return Default(wanted);
        }

        StoreLocation user = Default(StoreScope.CurrentUser);
        if (File.Exists(user.Path))
        {
            return user;
        }

        StoreLocation machine = Default(StoreScope.LocalMachine);
        return CanRead(machine.Path) || environment.IsRoot ? machine : user;
    }

    /// <summary>The documented default place.</summary>
    public StoreLocation Default(StoreScope scope)
    {
        bool forMachine = scope == StoreScope.LocalMachine;
        string folder = environment switch
        {
            { IsWindows: true } => Path.Combine(forMachine ? environment.CommonApplicationData : environment.LocalApplicationData, "KeyManager"),
            _ when forMachine => environment.MachineData,
            { IsMacOS: true } => Path.Combine(environment.Home, "Library", "Application Support", "KeyManager"),
            _ => Path.Combine(environment.XdgFolder("XDG_DATA_HOME", Path.Combine(".local", "share")), "keymanager"),
        };
        return new StoreLocation(Path.Combine(folder, FileName), scope);
    }

    private static bool CanRead(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string ToFile(string named)
    {
        string trimmed = named.Trim();
        bool belowHome = trimmed == "~" || trimmed.StartsWith("~/", StringComparison.Ordinal) || trimmed.StartsWith("~\\", StringComparison.Ordinal);
        string full;
        try
        {
            full = Path.GetFullPath(belowHome ? Path.Combine(environment.Home, trimmed.Substring(1).TrimStart('/', '\\')) : trimmed);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or PathTooLongException)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{named}' cannot be the path of a store: {e.Message}", e) { Target = named };
        }

        bool isFolder = Directory.Exists(full) || full.EndsWith(Path.DirectorySeparatorChar.ToString(), StringComparison.Ordinal);
        return isFolder ? Path.Combine(full, FileName) : full;
    }

    /// <summary>On Unix root's stores are the machine's; on Windows those below the machine's folder are.</summary>
    private StoreScope ScopeOf(string path)
    {
        if (!environment.IsWindows)
        {
            return environment.IsRoot ? StoreScope.LocalMachine : StoreScope.CurrentUser;
        }

        string machine = Path.GetDirectoryName(Default(StoreScope.LocalMachine).Path) + Path.DirectorySeparatorChar;
        return path.StartsWith(machine, StringComparison.OrdinalIgnoreCase) ? StoreScope.LocalMachine : StoreScope.CurrentUser;
    }
}
