using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>What an account for Route 53 is given, and what it says.</summary>
internal sealed class Route53Settings(DnsContext context)
{
    public const string AccessKeyId = nameof(AccessKeyId);
    public const string SecretAccessKey = nameof(SecretAccessKey);
    public const string SessionToken = nameof(SessionToken);
    public const string ProfileName = nameof(ProfileName);
    public const string SharedCredentialsPath = nameof(SharedCredentialsPath);
    public const string SharedConfigPath = nameof(SharedConfigPath);
    public const string CredentialSource = nameof(CredentialSource);
    public const string WebIdentityTokenPath = nameof(WebIdentityTokenPath);
    public const string RoleArn = nameof(RoleArn);
    public const string ExternalId = nameof(ExternalId);
    public const string RoleSessionName = nameof(RoleSessionName);
    public const string RoleDuration = nameof(RoleDuration);
    public const string Region = nameof(Region);
    public const string StsUrl = nameof(StsUrl);
    public const string ZoneId = nameof(ZoneId);
    public const string InSyncMaximum = nameof(InSyncMaximum);

    // The values of CredentialSource; all but Automatic and WebIdentity are those of credential_source in a profile.
    public const string Automatic = "Automatic";
    public const string FromEnvironment = "Environment";
    public const string FromWebIdentity = "WebIdentity";
    public const string FromContainer = "EcsContainer";
    public const string FromInstance = "Ec2InstanceMetadata";

    public const string DefaultSessionName = "keymanager";
    public const int DefaultDuration = 3600;

    private const int DefaultTtl = 60;
    private const int DefaultInSync = 120;

    private static readonly string[] Identity =
    [
        AccessKeyId, ProfileName, SharedCredentialsPath, SharedConfigPath, CredentialSource, WebIdentityTokenPath, RoleArn, ExternalId, RoleSessionName, RoleDuration, Region, StsUrl,
        DnsSettings.BaseUrl, ZoneId,
    ];

    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = AccessKeyId, Default = "", Description = "Access key of an IAM user, such as AKIAIOSFODNN7EXAMPLE, or a temporary one." },
        new() { Name = SecretAccessKey, Default = "", IsSecret = true, Description = "Secret of the access key." },
        new() { Name = SessionToken, Default = "", IsSecret = true, Description = "Session token of a temporary access key." },
        new() { Name = ProfileName, Default = "", Description = "Profile of the shared credentials and config files of AWS: keys, a role with source_profile or credential_source, a web identity or a credential_process." },
        new() { Name = SharedCredentialsPath, Default = "", IsPath = true, Description = "The shared credentials file; empty takes AWS_SHARED_CREDENTIALS_FILE, else .aws/credentials of the user who runs the command." },
        new() { Name = SharedConfigPath, Default = "", IsPath = true, Description = "The shared config file; empty takes AWS_CONFIG_FILE, else .aws/config of the user who runs the command." },
        new()
        {
            Name = CredentialSource,
            Default = "",
            Choices = [Automatic, FromEnvironment, FromWebIdentity, FromContainer, FromInstance],
            Description = "Where credentials that are not in the account come from: the environment variables of AWS, the web identity or the role of the container, the role of the instance, "
                + "or the first of environment, web identity, profile (AWS_PROFILE), container and instance that there is.",
        },
        new() { Name = WebIdentityTokenPath, Default = "", IsPath = true, Description = "File with a token of an identity provider that the role trusts; needs RoleArn. It is read anew each time." },
        new() { Name = RoleArn, Default = "", Description = "Role to assume with the credentials, such as arn:aws:iam::123456789012:role/dns." },
        new() { Name = ExternalId, Default = "", Description = "External identifier that the role asks for, 2 to 1224 characters." },
        new() { Name = RoleSessionName, Default = DefaultSessionName, Description = "Name of the session in the logs of AWS, 2 to 64 characters." },
        new()
        {
            Name = RoleDuration, Default = Text(DefaultDuration), Minimum = 900, Maximum = 43200,
            Description = "Seconds that the session of the role lasts; more than 3600 only where the role allows it, and never for a role that is assumed with another role.",
        },
        new() { Name = Region, Default = "us-east-1", Description = "Region of AWS. Route 53 is one service for all; the region chooses between AWS, AWS GovCloud (us-gov-...), China (cn-...) and the European Sovereign Cloud (eusc-...), and where roles are assumed." },
        new() { Name = StsUrl, Default = "", Description = "Address of the Security Token Service, which hands out roles, where it is not the usual one." },
        new() { Name = ZoneId, Default = "", Description = "Identifiers of the only hosted zones to use, such as Z0123456789EXAMPLE, with commas between them; private zones only here. Empty finds the public ones by name." },
        new()
        {
            Name = InSyncMaximum, Default = Text(DefaultInSync), Minimum = 0, Maximum = 1800,
            Description = "Seconds to wait at most until Route 53 says that all of its servers have a change (INSYNC); 0 does not ask.",
        },
        new() { Name = DnsSettings.Ttl, Default = Text(DefaultTtl), Minimum = 0, Maximum = int.MaxValue, Description = "Time to live in seconds of a new record set; one that is there keeps its own." },
        .. DnsSettings.OfHttp,
        .. DnsSettings.OfAll,
    ];

    /// <summary>Tells accounts and mappings apart that reach other zones or show themselves in another way.</summary>
    public string Key => string.Join("\n", Identity.Select(name => context.Setting(name)));

    public int Ttl => Number(DnsSettings.Ttl, DefaultTtl);

    public TimeSpan LongestInSync => TimeSpan.FromSeconds(Number(InSyncMaximum, DefaultInSync));

    public int Duration => Number(RoleDuration, DefaultDuration);

    public string SessionName => context.Setting(RoleSessionName) ?? DefaultSessionName;

    /// <summary>The zones that the account is confined to; empty for those that are found by name.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public IReadOnlyList<string> ZoneIds
    {
        get
        {
            try
            {
                return [.. (context.Setting(ZoneId) ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries).Select(AwsXml.Id).Distinct()];
            }
            catch (FormatException error)
            {
                throw Invalid(ZoneId, error.Message.TrimEnd('.'), "It looks like Z0123456789EXAMPLE and stands in the list of hosted zones in the console of AWS.");
            }
        }
    }

    /// <summary>Refuses what no request can mend.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public void Check()
    {
        _ = ZoneIds;
        _ = Ttl;
        _ = LongestInSync;
        _ = Duration;
        Match(AccessKeyId, @"^\w{16,128}$", "It looks like AKIAIOSFODNN7EXAMPLE.");
        Match(RoleArn, @"^arn:[a-z-]+:iam::\d{12}:role/.+$", "It looks like arn:aws:iam::123456789012:role/dns.");
        Match(ExternalId, @"^[\w+=,.@:/-]{2,1224}$", "Take what the role's trust policy asks for.");
        Match(RoleSessionName, "^[A-Za-z0-9_+=,.@-]{2,64}$", "Take 2 to 64 letters, digits and _+=,.@- without blanks.");
        if (context.Setting(StsUrl) is string url)
        {
            HttpSettings.Url(StsUrl, url);
        }

        if (context.Setting(AccessKeyId) is string id)
        {
            Need(context.Has(SecretAccessKey), AccessKeyId, $"it needs {SecretAccessKey} too", "Give both halves of the access key.");
            Need(!id.StartsWith("ASIA", StringComparison.Ordinal) || context.Has(SessionToken), AccessKeyId, $"'{id}' is a temporary key and needs {SessionToken} too", "Give its session token, or a lasting key.");
        }
        else
        {
            Need(!context.Has(SecretAccessKey), SecretAccessKey, $"it needs {AccessKeyId} too", "Give both halves of the access key.");
            Need(!context.Has(SessionToken), SessionToken, $"it needs {AccessKeyId} and {SecretAccessKey} too", "Give all three parts of the temporary key.");
        }

        bool hasRole = context.Has(RoleArn);
        Need(hasRole || !context.Has(ExternalId), ExternalId, $"it is for a role, and there is no {RoleArn}", $"Give {RoleArn} too; the external identifier of a role in a profile stands in the profile.");
        Need(hasRole || !context.Has(WebIdentityTokenPath), WebIdentityTokenPath, $"it needs {RoleArn} too", "Give the role that trusts the identity provider.");
    }

    /// <summary>KmInvalidSetting.</summary>
    public static InvalidRequestException Invalid(string setting, string problem, string remedy) =>
        new(ErrorIds.InvalidSetting, $"The setting {setting} is not right: {problem}.") { Target = setting, Remedy = remedy };

    private static void Need(bool isRight, string setting, string problem, string remedy)
    {
        if (!isRight)
        {
            throw Invalid(setting, problem, remedy);
        }
    }

    private void Match(string setting, string pattern, string remedy)
    {
        string? value = context.Setting(setting);
        Need(value is null || Regex.IsMatch(value, pattern), setting, $"'{value}'", remedy);
    }

    private int Number(string setting, int usual)
    {
        if (context.Setting(setting) is not string text)
        {
            return usual;
        }

        SettingDescription about = All.First(s => s.Name == setting);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= about.Minimum && number <= about.Maximum
            ? number
            : throw Invalid(setting, $"'{text}' is no number of {about.Minimum} to {about.Maximum}", "Give a number in this range.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
