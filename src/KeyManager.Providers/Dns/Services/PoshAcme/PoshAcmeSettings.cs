using System.Collections.Generic;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.PoshAcme;

/// <summary>The settings of an account that is a DNS plug-in of Posh-ACME.</summary>
internal static class PoshAcmeSettings
{
    public const string PluginPath = nameof(PluginPath);
    public const string PluginArgument = nameof(PluginArgument);
    public const string StatePath = nameof(StatePath);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = PluginPath, Default = "", IsPath = true, Description = "The plug-in: a .ps1 file of Posh-ACME's folder Plugins, unchanged." },
        new() { Name = PluginArgument, Default = "", IsTable = true, Description = "Its arguments, as in the plug-in's own guide; SecureString and PSCredential are stored encrypted." },
        new() { Name = StatePath, Default = "", IsPath = true, Description = "File in which a plug-in may remember things, for the few that do. It may hold secrets in the clear." },
        new() { Name = ScriptedAccount.Zone, Default = "", Description = "The zone of all names; names outside of it are not written." },
        .. DnsSettings.OfAll,
    ];
}
