using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Dns;
using KeyManager.Providers.Files;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>
/// The profiles of the shared credentials and config files of AWS. What both files say of a profile is put together, the credentials file counts where they differ. No value is ever
/// quoted in an error.
/// </summary>
internal sealed class SharedProfiles
{
    private readonly Dictionary<string, Dictionary<string, string>> _profiles = new(StringComparer.Ordinal);
    private readonly List<string> _paths = [];

    private SharedProfiles()
    {
    }

    /// <summary>The names of all profiles.</summary>
    public IEnumerable<string> Names => _profiles.Keys.OrderBy(n => n, StringComparer.Ordinal);

    /// <summary>Where they were looked for.</summary>
    public string Source => string.Join(" and ", _paths.Select(p => $"'{p}'"));

    /// <summary>The name of the profile that counts when none is named.</summary>
    public static string DefaultName(HostEnvironment environment) => environment.Variable("AWS_PROFILE") ?? environment.Variable("AWS_DEFAULT_PROFILE") ?? "default";

    /// <summary>Reads both files. One that an account names has to be there; the usual ones need not.</summary>
    /// <exception cref="InvalidRequestException">KmFileNotFound, KmInvalidParameter.</exception>
    public static SharedProfiles Read(DnsContext context, HostEnvironment environment)
    {
        SharedProfiles profiles = new();
        profiles.Add(context.Setting(Route53Settings.SharedCredentialsPath), environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials", isConfig: false);
        profiles.Add(context.Setting(Route53Settings.SharedConfigPath), environment, "AWS_CONFIG_FILE", "config", isConfig: true);
        return profiles;
    }

    /// <summary>What is said of a profile, by key in lower case; <c>null</c> when it is not there.</summary>
    public IReadOnlyDictionary<string, string>? Find(string name) => _profiles.TryGetValue(name, out Dictionary<string, string>? profile) ? profile : null;

    private void Add(string? given, HostEnvironment environment, string variable, string usual, bool isConfig)
    {
        string path = given ?? environment.Variable(variable) ?? Path.Combine(environment.Home, ".aws", usual);
        _paths.Add(path);
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Only a file that nobody named may be missing.
            if (given is null && error is FileNotFoundException or DirectoryNotFoundException)
            {
                return;
            }

            throw new InvalidRequestException(ErrorIds.FileNotFound, $"The {usual} file of AWS '{path}' cannot be read: {error.Message.TrimEnd('.')}.", error)
            {
                Target = path,
                Remedy = $"Set-KmDnsAccount names another with {(isConfig ? Route53Settings.SharedConfigPath : Route53Settings.SharedCredentialsPath)}. A task reads the files of the user that it runs as.",
            };
        }

        Parse(lines, path, isConfig);
    }

    private void Parse(string[] lines, string path, bool isConfig)
    {
        Dictionary<string, string>? profile = null;
        bool isInSection = false;
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd();

            // Indented lines belong to a value of several lines, such as s3; none of those is for us.
            if (line.Length == 0 || line[0] is '#' or ';' or ' ' or '\t')
            {
                continue;
            }

            if (line[0] == '[')
            {
                int end = line.IndexOf(']');
                profile = end > 0 ? Section(line.Substring(1, end - 1).Trim(), isConfig) : throw Bad(path, i, "has no ]");
                isInSection = true;
                continue;
            }

            int equals = line.IndexOf('=');
            if (equals <= 0 || !isInSection)
            {
                throw Bad(path, i, isInSection ? "is neither [profile] nor key = value" : "stands before the first [profile]");
            }

            string key = line.Substring(0, equals).Trim().ToLowerInvariant();
            if (profile?.ContainsKey(key) == false)
            {
                profile.Add(key, line.Substring(equals + 1).Trim());
            }
        }
    }

    private Dictionary<string, string>? Section(string title, bool isConfig)
    {
        string? name = title;
        if (isConfig && title != "default")
        {
            // Others are sso-session, services and the like.
            string[] words = title.Split([' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries);
            name = words.Length == 2 && words[0] == "profile" ? words[1].Trim().Trim('"', '\'') : null;
        }

        if (name is null)
        {
            return null;
        }

        if (!_profiles.TryGetValue(name, out Dictionary<string, string>? profile))
        {
            _profiles.Add(name, profile = new Dictionary<string, string>(StringComparer.Ordinal));
        }

        return profile;
    }

    private static InvalidRequestException Bad(string path, int line, string problem) =>
        new(ErrorIds.InvalidParameter, $"Line {line + 1} of '{path}' {problem}.") { Target = path, Remedy = "Mend the line; 'aws configure' writes such files." };
}
