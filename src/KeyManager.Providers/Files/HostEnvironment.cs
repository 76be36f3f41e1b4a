using System;
using System.IO;
using System.Runtime.InteropServices;
using KeyManager.Hosting;

namespace KeyManager.Providers.Files;

/// <summary>What KeyManager asks of the process and the machine it runs in; a test gives its own.</summary>
public class HostEnvironment : IHostRights
{
    /// <summary>The real one.</summary>
    public static HostEnvironment Current { get; } = new();

    /// <summary>True on Windows.</summary>
    public virtual bool IsWindows { get; } = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>True on macOS.</summary>
    public virtual bool IsMacOS { get; } = RuntimeInformation.IsOSPlatform(OSPlatform.OSX);

    /// <summary>True for root on Unix; on Windows always false, there the user chooses.</summary>
    public virtual bool IsRoot => !RuntimeInformation.IsOSPlatform(OSPlatform.Windows) && NativeUnix.GetEffectiveUserId() == 0;

    /// <inheritdoc/>
    public bool IsAdministrator => IsWindows ? NativeWindows.IsElevated() : IsRoot;

    /// <summary>The user's home folder on Unix.</summary>
    public virtual string Home => Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>The user's folder for data that stays on this machine, on Windows.</summary>
    public virtual string LocalApplicationData => Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);

    /// <summary>The machine's folder for data, on Windows.</summary>
    public virtual string CommonApplicationData => Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData);

    /// <summary>Folder of the machine's data on Unix.</summary>
    public virtual string MachineData => "/var/lib/keymanager";

    /// <summary>Folder of the machine's key files on Unix.</summary>
    public virtual string MachineConfiguration => "/etc/keymanager";

    /// <summary>Folder where containers find their mounted secrets.</summary>
    public virtual string MountedSecrets => "/run/secrets";

    /// <summary>An environment variable; <c>null</c> when it is not set or empty.</summary>
    public virtual string? Variable(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>An XDG base folder: what the variable says when it is a full path, else the folder below home.</summary>
    internal string XdgFolder(string variable, string belowHome)
    {
        string? value = Variable(variable);

        // XDG Base Directory Specification: a relative path in one of the variables is to be ignored.
        return value is not null && Path.IsPathRooted(value) ? value : Path.Combine(Home, belowHome);
    }
}
