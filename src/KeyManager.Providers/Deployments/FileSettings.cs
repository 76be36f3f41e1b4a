using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments;

/// <summary>The settings of targets that are files, and the plan that they make.</summary>
internal static class FileSettings
{
    public const string RecipeName = "Recipe";
    public const string FullChainPath = nameof(FullChainPath);
    public const string CertificatePath = nameof(CertificatePath);
    public const string ChainPath = nameof(ChainPath);
    public const string PrivateKeyPath = nameof(PrivateKeyPath);
    public const string CombinedPath = nameof(CombinedPath);
    public const string KeystorePath = nameof(KeystorePath);
    public const string KeystoreFormat = nameof(KeystoreFormat);
    public const string KeystoreAlias = nameof(KeystoreAlias);
    public const string KeystorePassword = nameof(KeystorePassword);
    public const string Owner = nameof(Owner);
    public const string Mode = nameof(Mode);
    public const string KeyMode = nameof(KeyMode);
    public const string TestCommand = nameof(TestCommand);
    public const string ReloadCommand = nameof(ReloadCommand);
    public const string CommandSeconds = nameof(CommandSeconds);

    private const int Kept = 3;

    /// <summary>What all of them have.</summary>
    /// <param name="isHere">True for paths of this machine.</param>
    /// <param name="canRun">True when commands can be run.</param>
    public static IReadOnlyList<SettingDescription> Describe(bool isHere, bool canRun) =>
    [
        new() { Name = RecipeName, Default = Recipes.None, Choices = [.. Recipes.All.Select(r => r.Name)], Description = "The service that reads the files: gives paths, rights, commands and the endpoint, each of which a setting of its own changes." },
        new() { Name = FullChainPath, Default = "", IsPath = isHere, Description = "File for the certificate with those above it, PEM. In paths {name} is the name of the certificate." },
        new() { Name = PrivateKeyPath, Default = "", IsPath = isHere, Description = "File for the private key, PEM." },
        new() { Name = CertificatePath, Default = "", IsPath = isHere, Description = "File for the certificate alone, PEM." },
        new() { Name = ChainPath, Default = "", IsPath = isHere, Description = "File for the certificates above it, PEM, without the root." },
        new() { Name = CombinedPath, Default = "", IsPath = isHere, Description = "File for chain and private key together, PEM." },
        new() { Name = KeystorePath, Default = "", IsPath = isHere, Description = "Keystore with a password; the other entries of one that is there stay." },
        new() { Name = KeystoreFormat, Default = "", Choices = [nameof(KeystoreType.Pkcs12), nameof(KeystoreType.Jks)], Description = "Kind of a keystore that is made; empty takes that of the one that is there, else Pkcs12." },
        new() { Name = KeystoreAlias, Default = "", Description = "Alias of the entry in the keystore; empty takes the name of the certificate." },
        new() { Name = KeystorePassword, Default = "", IsSecret = true, Description = "Password of the keystore." },
        new() { Name = Owner, Default = "", Description = "Whom new files belong to, user, user:group or :group; empty keeps those of the files that are there." },
        new() { Name = Mode, Default = "", Description = "Rights of the files without the key, octal such as 644; empty keeps those that are there." },
        new() { Name = KeyMode, Default = "", Description = "Rights of the files with the key, octal such as 640; empty keeps those that are there, without those of others." },
        .. canRun
            ? new SettingDescription[]
            {
                new() { Name = TestCommand, Default = "", Description = "Command line that fails when the service would not take the files; None for none." },
                new() { Name = ReloadCommand, Default = "", Description = "Command line that makes the service read them; None for none." },
                new() { Name = CommandSeconds, Default = "60", Minimum = 1, Maximum = 1800, Description = "Seconds that a command has at most." },
            }
            : [],
        new() { Name = DeploySettings.KeepVersions, Default = Kept.ToString(CultureInfo.InvariantCulture), Minimum = 1, Maximum = 50, Description = "How many earlier versions are kept beside the files." },
        new() { Name = DeploySettings.WebRoot, Default = "", IsPath = isHere, Description = "Folder that the web server of the domains serves: challenge files are put below it." },
        new() { Name = DeploySettings.WebConfig, Default = "", IsFlag = true, Description = "Put a web.config beside challenge files, so that IIS serves files without an extension." },
        .. DeploySettings.OfProof,
    ];

    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public static void Check(DeployContext context)
    {
        foreach (string name in new[] { FullChainPath, PrivateKeyPath, CertificatePath, ChainPath, CombinedPath, KeystorePath, DeploySettings.WebRoot })
        {
            if (context.Setting(name) is string path && path.Any(c => c is '\0' or '\n' or '\r'))
            {
                throw Wrong(name, path, "a path on one line");
            }
        }

        _ = ModeOf(context, Mode);
        _ = ModeOf(context, KeyMode);
        if (context.Setting(Owner) is string owner && (owner.Trim(':').Length == 0 || owner[0] == '-' || owner.Any(c => !char.IsLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':' or '$' or '@' or '\\'))))
        {
            throw Wrong(Owner, owner, "a user, user:group or :group");
        }

        if (Paths(context).Count == 0 && context.Setting(DeploySettings.WebRoot) is null)
        {
            throw new InvalidRequestException(ErrorIds.InvalidSetting, $"Nothing says what is put onto the target {context.Target.Name}.")
            {
                Target = context.Target.Name,
                Remedy = $"Name a recipe (-{RecipeName} Nginx), or files: -{FullChainPath} and -{PrivateKeyPath}, -{CombinedPath}, or -{KeystorePath}. For challenge files only: -{DeploySettings.WebRoot}.",
            };
        }

        if (Paths(context).Any(p => p.Part == DeployPart.Keystore) && !context.Has(KeystorePassword))
        {
            throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The keystore of the target {context.Target.Name} needs a password.") { Target = context.Target.Name, Remedy = $"Give it: -{KeystorePassword} (Read-Host -AsSecureString)." };
        }

        _ = DeploySettings.Endpoints(context, null, null, 443, EndpointProtocol.Tls);
    }

    /// <summary>The plan.</summary>
    /// <param name="context">The target.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="host">Where the service answers.</param>
    public static DeployPlan Plan(DeployContext context, Certificate certificate, string host)
    {
        Recipe recipe = Recipes.Get(context.Setting(RecipeName));
        string name = SafeName(certificate.Name);
        string? owner = context.Setting(Owner) ?? recipe.Owner;
        IReadOnlyList<(DeployPart Part, string Path)> paths = Paths(context);
        return new DeployPlan
        {
            Target = context.Target,
            Certificate = certificate,
            Files =
            [
                .. paths.Select(p => new PlannedFile(p.Path.Replace("{name}", name), p.Part, owner, null))
                    .Select(f => f with { Mode = f.IsPrivate ? context.Setting(KeyMode) ?? recipe.KeyMode : context.Setting(Mode) }),
            ],
            TestCommand = Command(context, TestCommand, recipe.TestCommand),
            ReloadCommand = Command(context, ReloadCommand, recipe.ReloadCommand),
            Endpoints = DeploySettings.Endpoints(context, certificate, host, recipe.Port, recipe.Protocol),
            KeepVersions = int.Parse(context.Setting(DeploySettings.KeepVersions) ?? Kept.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        };
    }

    public static TimeSpan CommandTime(DeployContext context) => TimeSpan.FromSeconds(int.Parse(context.Setting(CommandSeconds) ?? "60", CultureInfo.InvariantCulture));

    /// <summary>An octal mode; <c>null</c> when none is set.</summary>
    public static int? ParseMode(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return text.Length is 3 or 4 && text.All(c => c is >= '0' and <= '7') ? Convert.ToInt32(text, 8) : throw Wrong(Mode, text, "octal, such as 640");
    }

    // The key first: a server that reloads in between finds the old certificate with the new key and refuses, never the reverse unnoticed.
    private static IReadOnlyList<(DeployPart Part, string Path)> Paths(DeployContext context)
    {
        Recipe recipe = Recipes.Get(context.Setting(RecipeName));
        (DeployPart, string?)[] all =
        [
            (DeployPart.Key, Path(context, PrivateKeyPath, recipe.PrivateKeyPath)), (DeployPart.Certificate, Path(context, CertificatePath, recipe.CertificatePath)),
            (DeployPart.Chain, Path(context, ChainPath, recipe.ChainPath)), (DeployPart.FullChain, Path(context, FullChainPath, recipe.FullChainPath)),
            (DeployPart.Combined, Path(context, CombinedPath, recipe.CombinedPath)), (DeployPart.Keystore, Path(context, KeystorePath, recipe.KeystorePath)),
        ];
        return [.. all.Where(p => p.Item2 is not null).Select(p => (p.Item1, p.Item2!))]; // just looked at
    }

    // "None" takes away a file that the recipe would write.
    private static string? Path(DeployContext context, string setting, string? ofRecipe)
    {
        string? path = context.Setting(setting) ?? ofRecipe;
        return path is null || string.Equals(System.IO.Path.GetFileName(path), Recipes.None, StringComparison.OrdinalIgnoreCase) ? null : path;
    }

    private static string? Command(DeployContext context, string setting, string? ofRecipe)
    {
        string? command = context.Setting(setting) ?? ofRecipe;
        return string.Equals(command, Recipes.None, StringComparison.OrdinalIgnoreCase) ? null : command;
    }

    private static int? ModeOf(DeployContext context, string setting) => context.Setting(setting) is string text ? ParseMode(text) : null;

    /// <summary>A file name for any entry name: *.contoso.com becomes _.contoso.com, as in exports.</summary>
    private static string SafeName(string name)
    {
        StringBuilder safe = new(name.Length);
        foreach (char c in name)
        {
            safe.Append(c < ' ' || c is '*' or '?' or ':' or '"' or '<' or '>' or '|' or '/' or '\\' ? '_' : c);
        }

        return safe.ToString().Trim('.').Length == 0 ? "certificate" : safe.ToString();
    }

    private static InvalidRequestException Wrong(string setting, string value, string right) =>
        new(ErrorIds.InvalidSetting, $"The setting {setting} cannot be '{value}'.") { Target = setting, Remedy = $"{setting} is {right}." };
}
