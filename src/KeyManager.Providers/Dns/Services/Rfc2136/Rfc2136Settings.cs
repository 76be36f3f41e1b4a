using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns.Services.Rfc2136;

/// <summary>The settings of an account with a name server that takes updates.</summary>
internal sealed class Rfc2136Settings(DnsContext context)
{
    public const string ServerName = "Server";
    public const string KeyNameName = "KeyName";
    public const string KeyAlgorithmName = "KeyAlgorithm";
    public const string KeySecretName = "KeySecret";
    public const string KeyPathName = "KeyPath";
    public const string WithoutKeyName = "WithoutKey";
    public const string ZoneName = "Zone";
    public const string ZoneIsDomainName = "ZoneIsDomain";

    private const string UsualAlgorithm = "hmac-sha256";
    private const int UsualTtl = 60;
    private const int LongestKeyFile = 1024 * 1024;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = ServerName, Default = "", Description = "The primary server of the zones: address or name, with a port when that is not 53, such as 192.0.2.1, [2001:db8::1]:5353, ns1.contoso.com." },
        new() { Name = KeyNameName, Default = "", Description = "Name of the TSIG key, as the server knows it; with -KeyPath the one to take of several." },
        new()
        {
            Name = KeyAlgorithmName,
            Default = UsualAlgorithm,
            Choices = [.. TsigAlgorithm.All.Select(a => a.Name)],
            Description = "Algorithm of the TSIG key. hmac-md5 and hmac-sha1 are weak and only for servers that have nothing else.",
        },
        new() { Name = KeySecretName, Default = "", IsSecret = true, Description = "Secret of the TSIG key, base64 as in the server's configuration." },
        new() { Name = KeyPathName, Default = "", IsPath = true, Description = "File with the TSIG key as BIND writes it (tsig-keygen, nsupdate -k); it is read each time." },
        new() { Name = WithoutKeyName, Default = "False", IsFlag = true, Description = "Send updates without a key, to a server that goes by the address of who asks." },
        new() { Name = ZoneName, Default = "", Description = "The zone of all names; empty asks the server, which is right wherever it answers questions." },
        new() { Name = ZoneIsDomainName, Default = "False", IsFlag = true, Description = "The domain itself is the zone, for each domain; the server is not asked." },
        new() { Name = DnsSettings.Ttl, Default = "60", Minimum = 0, Maximum = 86400, Description = "Seconds that others may keep a record." },
        .. DnsSettings.OfAll,
    ];

    public string? Zone => context.Setting(ZoneName);

    public bool ZoneIsDomain => IsOn(ZoneIsDomainName);

    public int Ttl => context.Setting(DnsSettings.Ttl) is string text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : UsualTtl;

    /// <summary>The server with the key to sign with.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter, KmFileNotFound, KmInvalidSetting.</exception>
    public Rfc2136Server Server => new(context.Setting(ServerName) ?? "", Key(), Zone, $" of the DNS account {context.Account}");

    private TsigKey? Key()
    {
        if (IsOn(WithoutKeyName))
        {
            return null;
        }

        if (context.Setting(KeyPathName) is string path)
        {
            return BindKeyFile.Read(ReadFile(path), $"The key file '{path}'", context.Setting(KeyNameName));
        }

        string secret = context.GetSecretText(KeySecretName) ?? throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The DNS account {context.Account} has no TSIG key.")
        {
            Target = context.Account.Name,
            Remedy = "Give it with -KeyName and -KeySecret, or -KeyPath; or say -WithoutKey.",
        };
        return TsigKey.FromBase64(context.Setting(KeyNameName) ?? "", context.Setting(KeyAlgorithmName) ?? UsualAlgorithm, secret);
    }

    private static string ReadFile(string path)
    {
        try
        {
            return new FileInfo(path).Length <= LongestKeyFile ? File.ReadAllText(path) : throw new IOException("it is far too long for a key file");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidRequestException(ErrorIds.FileNotFound, $"The key file '{path}' does not exist.", error) { Target = path, Remedy = "Name the file that tsig-keygen or rndc-confgen wrote." };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException(ErrorIds.FileNotReadable, $"The key file '{path}' cannot be read: {error.Message}", error) { Target = path, Remedy = "Look at its rights." };
        }
    }

    private bool IsOn(string name) => string.Equals(context.Setting(name), bool.TrueString, StringComparison.OrdinalIgnoreCase);
}
