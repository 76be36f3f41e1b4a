using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>What the machine says about itself, from which one knows where a managed identity is had.</summary>
internal sealed record AzureMachine
{
    /// <summary>An environment variable; <c>null</c> when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>The metadata service of a virtual machine.</summary>
    public Uri MetadataUrl { get; init; } = new("http://169.254.169.254/metadata/identity/oauth2/token");

    /// <summary>The agent of Azure Arc, when no variable says otherwise.</summary>
    public Uri ArcUrl { get; init; } = new("http://localhost:40342/metadata/identity/oauth2/token");

    /// <summary>The only folder from which a key is read for the agent of Azure Arc.</summary>
    public string ArcKeyFolder { get; init; } = IsWindows
        ? Path.Combine(Folder(Environment.SpecialFolder.CommonApplicationData), "AzureConnectedMachineAgent", "Tokens")
        : "/var/opt/azcmagent/tokens";

    /// <summary>Files of which one is there when the agent of Azure Arc is.</summary>
    public IReadOnlyList<string> ArcPrograms { get; init; } = IsWindows
        ? [.. new[] { Environment.SpecialFolder.ProgramFiles, Environment.SpecialFolder.CommonApplicationData }
            .Select(f => Path.Combine(Folder(f), "AzureConnectedMachineAgent", "himds.exe"))]
        : ["/opt/azcmagent/bin/himds"];

    /// <summary>How long the metadata service may take. Where there is none, packets to its address vanish; the first answer of a new machine is slow.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    private static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private static string Folder(Environment.SpecialFolder folder) => Environment.GetFolderPath(folder);
}
