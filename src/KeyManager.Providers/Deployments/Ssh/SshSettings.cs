using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments.Ssh;

/// <summary>How a server is reached by SSH.</summary>
internal sealed record SshSettings
{
    public const string HostNameSetting = "HostName";
    public const string PortSetting = "Port";
    public const string UserNameSetting = "UserName";
    public const string KeyPathSetting = "KeyPath";
    public const string KeyPassphraseSetting = "KeyPassphrase";
    public const string PasswordSetting = "Password";
    public const string JumpHostSetting = "JumpHost";
    public const string HostKeySetting = "HostKey";
    public const string KnownHostsPathSetting = "KnownHostsPath";
    public const string ConfigPathSetting = "ConfigPath";
    public const string ConnectSecondsSetting = "ConnectSeconds";

    private static readonly string[] KeyKinds = ["ssh-", "ecdsa-", "sk-"];

    public static IReadOnlyList<SettingDescription> Describe { get; } =
    [
        new() { Name = HostNameSetting, Default = "", Description = "Name or address of the server, or a name of your OpenSSH configuration." },
        new() { Name = PortSetting, Default = "", Minimum = 1, Maximum = 65535, Description = "Port; empty takes that of your OpenSSH configuration, else 22." },
        new() { Name = UserNameSetting, Default = "", Description = "User; empty takes that of your OpenSSH configuration, else your own name." },
        new() { Name = KeyPathSetting, Default = "", IsPath = true, Description = "File of the private key to log in with; empty takes the agent and what your OpenSSH configuration says." },
        new() { Name = KeyPassphraseSetting, Default = "", IsSecret = true, Description = "Passphrase of that key." },
        new() { Name = PasswordSetting, Default = "", IsSecret = true, Description = "Password to log in with." },
        new() { Name = JumpHostSetting, Default = "", Description = "Server to go through, user@host:port, several with commas between them." },
        new() { Name = HostKeySetting, Default = "", Description = "The only key that the server may show, as in known_hosts: ssh-ed25519 AAAA...; empty takes what your known_hosts says." },
        new() { Name = KnownHostsPathSetting, Default = "", IsPath = true, Description = "Another known_hosts file." },
        new() { Name = ConfigPathSetting, Default = "", IsPath = true, Description = "Another configuration file of OpenSSH." },
        new() { Name = ConnectSecondsSetting, Default = "20", Minimum = 1, Maximum = 300, Description = "Seconds until a connection, or an answer on it, is given up." },
    ];

    public required string HostName { get; init; }

    public int? Port { get; init; }

    public string? UserName { get; init; }

    public string? KeyPath { get; init; }

    public string? JumpHost { get; init; }

    public string? HostKey { get; init; }

    public string? KnownHostsPath { get; init; }

    public string? ConfigPath { get; init; }

    public TimeSpan ConnectTime { get; init; }

    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmFileNotFound.</exception>
    public static SshSettings Read(DeployContext context)
    {
        // These become words of ssh's command line, and ssh puts them into those of its ProxyCommand: nothing there that a shell would look at twice.
        string host = Word(context, HostNameSetting, "._:%-") ?? throw Wrong(HostNameSetting, "", "the name of a server");
        string? known = ExistingFile(context, KnownHostsPathSetting);
        return new SshSettings
        {
            HostName = host,
            Port = context.Setting(PortSetting) is string port ? int.Parse(port, CultureInfo.InvariantCulture) : null,
            UserName = Word(context, UserNameSetting, "._@\\+-"),
            KeyPath = ExistingFile(context, KeyPathSetting),
            JumpHost = Word(context, JumpHostSetting, "._:%@,[]-"),
            HostKey = context.Setting(HostKeySetting) is string key ? ParseHostKey(key) : null,
            KnownHostsPath = known,
            ConfigPath = ExistingFile(context, ConfigPathSetting),
            ConnectTime = TimeSpan.FromSeconds(int.Parse(context.Setting(ConnectSecondsSetting) ?? "20", CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>Kind and key out of a line of known_hosts, of ssh-keyscan or of a .pub file.</summary>
    internal static string ParseHostKey(string text)
    {
        string[] words = text.Split(' ', '\t');
        int kind = Array.FindIndex(words, w => KeyKinds.Any(k => w.StartsWith(k, StringComparison.Ordinal)));
        bool isKey = kind >= 0 && kind + 1 < words.Length && words[kind].All(c => char.IsLetterOrDigit(c) || c is '-' or '@' or '.')
            && words[kind + 1].Length > 32 && words[kind + 1].All(c => char.IsLetterOrDigit(c) || c is '+' or '/' or '=');
        return isKey ? $"{words[kind]} {words[kind + 1]}" : throw Wrong(HostKeySetting, text, "a public key such as ssh-ed25519 AAAAC3..., as ssh-keyscan prints it; a fingerprint is not enough");
    }

    private static string? Word(DeployContext context, string name, string signs) => context.Setting(name) is not string text ? null
        : text[0] != '-' && text.All(c => char.IsLetterOrDigit(c) || signs.IndexOf(c) >= 0) ? text
        : throw Wrong(name, text, "a name without blanks and without signs that a shell knows");

    private static string? ExistingFile(DeployContext context, string name) => context.Setting(name) is not string path ? null
        : File.Exists(path) ? path
        : throw new InvalidRequestException(ErrorIds.FileNotFound, $"The file '{path}' does not exist.") { Target = path, Remedy = $"Name a file that is there with -{name}." };

    private static InvalidRequestException Wrong(string setting, string value, string right) =>
        new(ErrorIds.InvalidSetting, $"The setting {setting} cannot be '{value}'.") { Target = setting, Remedy = $"{setting} is {right}." };
}
