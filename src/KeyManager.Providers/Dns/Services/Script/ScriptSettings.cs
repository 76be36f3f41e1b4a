using System.Collections.Generic;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Script;

/// <summary>The settings of an account that is a script of the user's.</summary>
internal static class ScriptSettings
{
    public const string AddScript = nameof(AddScript);
    public const string RemoveScript = nameof(RemoveScript);
    public const string AddPath = nameof(AddPath);
    public const string RemovePath = nameof(RemovePath);
    public const string ScriptArgument = nameof(ScriptArgument);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = AddScript, Default = "", Description = "Script block that adds one value; it gets -RecordName, -Value, -Type, -Zone and the entries of ScriptArgument." },
        new() { Name = RemoveScript, Default = "", Description = "Script block that takes exactly that value away again; the same parameters." },
        new() { Name = AddPath, Default = "", IsPath = true, Description = "File (.ps1) in the place of AddScript." },
        new() { Name = RemovePath, Default = "", IsPath = true, Description = "File (.ps1) in the place of RemoveScript." },
        new() { Name = ScriptArgument, Default = "", IsTable = true, Description = "Further parameters for both, as a table; SecureString and PSCredential are stored encrypted." },
        new() { Name = ScriptedAccount.Zone, Default = "", Description = "The zone of all names; names outside of it are not written." },
        .. DnsSettings.OfAll,
    ];
}
