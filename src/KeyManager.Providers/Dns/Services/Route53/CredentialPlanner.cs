using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using KeyManager.Dns;
using KeyManager.Providers.Files;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>Finds out how an account shows who it is. Asks nobody.</summary>
internal sealed class CredentialPlanner(DnsContext context, HostEnvironment environment)
{
    private readonly Route53Settings _settings = new(context);
    private SharedProfiles? _profiles;

    private SharedProfiles Profiles => _profiles ??= SharedProfiles.Read(context, environment);

    /// <summary>How the account shows who it is.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmInvalidParameter, KmFileNotFound.</exception>
    public CredentialPlan Plan()
    {
        AssumedRole? role = context.Setting(Route53Settings.RoleArn) is string arn
            ? new AssumedRole(arn, _settings.SessionName, _settings.Duration, context.Setting(Route53Settings.ExternalId))
            : null;
        if (role is not null && context.Setting(Route53Settings.WebIdentityTokenPath) is string tokenPath)
        {
            return new CredentialPlan.WebIdentity(Existing(tokenPath), role);
        }

        CredentialPlan plan = context.Has(Route53Settings.AccessKeyId) ? new CredentialPlan.Keys(FromAccount)
            : context.Setting(Route53Settings.ProfileName) is string profile ? OfProfile(profile, [])
            : OfSource(context.Setting(Route53Settings.CredentialSource) ?? Route53Settings.Automatic);
        return role is null ? plan : new CredentialPlan.Role(plan, role);
    }

    /// <summary>The region: of the account, else of what its credentials come from.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmInvalidParameter, KmFileNotFound.</exception>
    public string Region()
    {
        string region = (context.Setting(Route53Settings.Region) ?? Surroundings() ?? "us-east-1").ToLowerInvariant();
        string? partition = context.Setting(Route53Settings.RoleArn)?.Split(':')[1];
        if (!Regex.IsMatch(region, @"^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$") || region.StartsWith("us-iso", StringComparison.Ordinal) || region.StartsWith("eu-iso", StringComparison.Ordinal))
        {
            throw Route53Settings.Invalid(Route53Settings.Region, $"'{region}' is no region of AWS that is known here", "Take one such as us-east-1, eu-central-1, us-gov-west-1 or cn-north-1.");
        }

        return partition is null || partition == AwsPartition.Of(region).Name
            ? region
            : throw Route53Settings.Invalid(Route53Settings.RoleArn, $"its partition is {partition}, and the region {region} lies in {AwsPartition.Of(region).Name}", $"Give the right {Route53Settings.Region}.");
    }

    private string? Surroundings()
    {
        if (context.Has(Route53Settings.AccessKeyId))
        {
            return null;
        }

        string? ofProfile = Profiles.Find(context.Setting(Route53Settings.ProfileName) ?? SharedProfiles.DefaultName(environment)) is { } profile ? Get(profile, "region") : null;
        return context.Has(Route53Settings.ProfileName) ? ofProfile : environment.Variable("AWS_REGION") ?? environment.Variable("AWS_DEFAULT_REGION") ?? ofProfile;
    }

    private CredentialPlan OfSource(string source)
    {
        if (Is(source, Route53Settings.Automatic))
        {
            string name = SharedProfiles.DefaultName(environment);
            return environment.Variable("AWS_ACCESS_KEY_ID") is not null ? OfSource(Route53Settings.FromEnvironment)
                : environment.Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is not null ? OfSource(Route53Settings.FromWebIdentity)
                : Profiles.Find(name) is not null || environment.Variable("AWS_PROFILE") is not null ? OfProfile(name, [])
                : ContainerCredentials.IsOffered(environment) ? new CredentialPlan.Container()
                : new CredentialPlan.Instance();
        }

        return Is(source, Route53Settings.FromEnvironment) ? OfEnvironment()
            : Is(source, Route53Settings.FromWebIdentity) ? OfWebIdentity()
            : Is(source, Route53Settings.FromContainer) ? new CredentialPlan.Container()
            : Is(source, Route53Settings.FromInstance) ? new CredentialPlan.Instance()
            : throw Route53Settings.Invalid(Route53Settings.CredentialSource, $"'{source}'", "Take Automatic, Environment, WebIdentity, EcsContainer or Ec2InstanceMetadata.");
    }

    private CredentialPlan.Keys OfEnvironment()
    {
        string id = Variable("AWS_ACCESS_KEY_ID", Route53Settings.FromEnvironment);
        string secret = Variable("AWS_SECRET_ACCESS_KEY", Route53Settings.FromEnvironment);
        string? token = environment.Variable("AWS_SESSION_TOKEN") ?? environment.Variable("AWS_SECURITY_TOKEN");
        return new CredentialPlan.Keys(() => Keys("The environment", id, secret, token));
    }

    private CredentialPlan.WebIdentity OfWebIdentity() => new(
        Existing(Variable("AWS_WEB_IDENTITY_TOKEN_FILE", Route53Settings.FromWebIdentity)),
        new AssumedRole(Variable("AWS_ROLE_ARN", Route53Settings.FromWebIdentity), environment.Variable("AWS_ROLE_SESSION_NAME") ?? _settings.SessionName, _settings.Duration));

    // The order within a profile: a role first, but keys where the profile is the source of another one or of itself.
    private CredentialPlan OfProfile(string name, IReadOnlyList<string> visited)
    {
        if (Profiles.Find(name) is not { } profile)
        {
            throw InProfile($"The profile '{name}' is not in {Profiles.Source}", name, $"There are: {(Profiles.Names.Any() ? string.Join(", ", Profiles.Names) : "none")}. Section titles of the config file begin with the word profile.");
        }

        string? role = Get(profile, "role_arn");
        bool hasKeys = Get(profile, "aws_access_key_id") is not null || Get(profile, "aws_secret_access_key") is not null;
        if (hasKeys && (visited.Count > 0 || role is null))
        {
            return OfKeys(name, profile);
        }

        if (role is not null)
        {
            return OfRole(name, profile, role, visited);
        }

        if (Get(profile, "credential_process") is string commandLine)
        {
            return new CredentialPlan.Program(commandLine, name);
        }

        bool needsPerson = profile.Keys.Any(k => k.StartsWith("sso_", StringComparison.Ordinal)) || Get(profile, "login_session") is not null;
        throw needsPerson
            ? InProfile($"The profile '{name}' needs a person at a browser", name, "A renewal runs unattended: take a profile with keys, a role or a credential_process.")
            : InProfile($"The profile '{name}' holds no credentials", name, "It needs aws_access_key_id and aws_secret_access_key, or role_arn, or credential_process.");
    }

    private static CredentialPlan.Keys OfKeys(string name, IReadOnlyDictionary<string, string> profile)
    {
        string id = Get(profile, "aws_access_key_id") ?? throw InProfile($"The profile '{name}' has no aws_access_key_id", name, "Add it beside aws_secret_access_key.");
        string secret = Get(profile, "aws_secret_access_key") ?? throw InProfile($"The profile '{name}' has no aws_secret_access_key", name, "Add it beside aws_access_key_id.");
        return new CredentialPlan.Keys(() => Keys($"The profile '{name}'", id, secret, Get(profile, "aws_session_token")));
    }

    private CredentialPlan OfRole(string name, IReadOnlyDictionary<string, string> profile, string arn, IReadOnlyList<string> visited)
    {
        if (Get(profile, "mfa_serial") is not null)
        {
            throw InProfile($"The profile '{name}' asks for a code of a device (mfa_serial)", name, "A renewal runs unattended: take a profile without it.");
        }

        AssumedRole role = new(arn, Get(profile, "role_session_name") ?? _settings.SessionName, Duration(name, profile), Get(profile, "external_id"));
        if (Get(profile, "web_identity_token_file") is string tokenPath)
        {
            return new CredentialPlan.WebIdentity(Existing(tokenPath), role);
        }

        string? source = Get(profile, "credential_source");
        switch (Get(profile, "source_profile"))
        {
            case string when source is not null:
                throw InProfile($"The profile '{name}' has both source_profile and credential_source", name, "Keep one of them.");
            case string by when visited.Contains(by) || (by == name && Get(profile, "aws_access_key_id") is null):
                throw InProfile($"The profile '{name}' leads back to '{by}'", name, "Give source_profile a profile with credentials of its own.");
            case string by:
                return new CredentialPlan.Role(OfProfile(by, [.. visited, name]), role);
            case null when source is null:
                throw InProfile($"The profile '{name}' has role_arn and neither source_profile nor credential_source", name, "Say with which credentials the role is assumed.");
            default:
                return Is(source!, Route53Settings.FromEnvironment) || Is(source!, Route53Settings.FromContainer) || Is(source!, Route53Settings.FromInstance) // not null: the case before
                    ? new CredentialPlan.Role(OfSource(source!), role)
                    : throw InProfile($"The profile '{name}' has the unknown credential_source '{source}'", name, "It is Environment, Ec2InstanceMetadata or EcsContainer.");
        }
    }

    private static int Duration(string name, IReadOnlyDictionary<string, string> profile) => Get(profile, "duration_seconds") is not string text ? Route53Settings.DefaultDuration
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is >= 900 and <= 43200 ? seconds
        : throw InProfile($"The profile '{name}' has the duration_seconds '{text}'", name, "It is a number of 900 to 43200.");

    private AwsCredentials FromAccount() => new(
        context.Setting(Route53Settings.AccessKeyId) ?? "",
        Trimmed(context.GetSecret(Route53Settings.SecretAccessKey) ?? []),
        context.GetSecretText(Route53Settings.SessionToken) is { Length: > 0 } token ? token : null,
        null);

    // A secret that was pasted or piped often ends in a line break, and then no signature is right.
    private static byte[] Trimmed(byte[] secret)
    {
        byte[] trimmed = [.. secret.SkipWhile(b => b <= ' ').Reverse().SkipWhile(b => b <= ' ').Reverse()];
        Array.Clear(secret, 0, secret.Length);
        return trimmed;
    }

    private static AwsCredentials Keys(string source, string id, string secret, string? token) => Regex.IsMatch(id, @"^\w{16,128}$")
        ? new AwsCredentials(id, Encoding.UTF8.GetBytes(secret.Trim()), token?.Trim(), null)
        : throw InProfile($"{source} has an access key that is none: '{id}'", source, "It looks like AKIAIOSFODNN7EXAMPLE.");

    private string Variable(string name, string source) => environment.Variable(name)?.Trim()
        ?? throw Route53Settings.Invalid(Route53Settings.CredentialSource, $"{source} needs the environment variable {name}, which is not set here", "Set it for the process that runs the command. A task does not have the variables of your prompt.");

    private static string Existing(string path) => File.Exists(path) ? path : throw new InvalidRequestException(ErrorIds.FileNotFound, $"The file of the web identity token '{path}' is not there.")
    {
        Target = path,
        Remedy = "Look whether it is mounted, and whether this user may read it.",
    };

    private static string? Get(IReadOnlyDictionary<string, string> profile, string key) => profile.TryGetValue(key, out string? value) && value.Length > 0 ? value : null;

    private static bool Is(string text, string choice) => string.Equals(text, choice, StringComparison.OrdinalIgnoreCase);

    private static InvalidRequestException InProfile(string problem, string target, string remedy) => new(ErrorIds.InvalidSetting, problem + ".") { Target = target, Remedy = remedy };
}
