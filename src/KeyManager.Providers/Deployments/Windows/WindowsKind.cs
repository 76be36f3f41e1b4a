using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Deployments;
using KeyManager.Providers.Challenges;

namespace KeyManager.Providers.Deployments.Windows;

/// <summary>The certificate store of a Windows computer and the services that take their certificate from it: in this session, or by PowerShell remoting. One script does it, Windows.ps1.</summary>
internal sealed class WindowsKind(IReadOnlyList<IKeystoreFormat> formats) : IChallengeFileKind
{
    private const string ScriptName = "Windows.ps1";
    private const string RecipeSetting = "Recipe";
    private const string ComputerNameSetting = "ComputerName";
    private const string UserNameSetting = "UserName";
    private const string PasswordSetting = "Password";
    private const string SiteSetting = "Site";
    private const string KeyProviderSetting = "KeyProvider";
    private const string Store = nameof(Store);
    private const string Iis = "IIS";

    // What one would look at after a deployment; of the others nobody knows a port.
    private static readonly Dictionary<string, int> Ports = new(StringComparer.OrdinalIgnoreCase) { [Iis] = 443, ["RdGateway"] = 443, ["WinRM"] = 5986, ["Exchange"] = 443, ["Adfs"] = 443 };

    private static readonly Lazy<string> Script = new(() => EmbeddedText.Read("KeyManager.Providers.Deployments.Windows." + ScriptName));

    // A PowerShell runs one script at a time.
    private readonly SemaphoreSlim _gate = new(1);

    public static DeployKindDescription About { get; } = new()
    {
        Name = "Windows",
        Title = "Certificate store and services of a Windows computer, here or by PowerShell remoting",
        Settings =
        [
            new() { Name = ComputerNameSetting, Default = "", Description = "The computer; empty is this one." },
            new() { Name = UserNameSetting, Default = "", Description = "User for the remoting; empty takes yours." },
            new() { Name = PasswordSetting, Default = "", IsSecret = true, Description = "Password of that user." },
            new() { Name = "UseSsl", Default = "", IsFlag = true, Description = "Remoting over https." },
            new() { Name = "Port", Default = "", Minimum = 1, Maximum = 65535, Description = "Port of the remoting; empty takes the usual one." },
            new() { Name = "ConfigurationName", Default = "", Description = "Session configuration of the remoting." },
            new() { Name = RecipeSetting, Default = Store, Choices = [Store, Iis, "RdpListener", "RdGateway", "WinRM", "Exchange", "SqlServer", "Adfs"], Description = "What takes the certificate; Store only stores it." },
            new() { Name = "StoreName", Default = "My", Choices = ["My", "WebHosting"], Description = "Personal or Web Hosting." },
            new() { Name = "StoreLocation", Default = "LocalMachine", Choices = ["LocalMachine", "CurrentUser"], Description = "The computer's or the user's." },
            new() { Name = "Exportable", Default = "", IsFlag = true, Description = "The key may be exported again." },
            new() { Name = KeyProviderSetting, Default = "", Description = "Provider that keeps the key (KSP or CSP), such as Microsoft Software Key Storage Provider; empty leaves it to Windows." },
            new() { Name = "FriendlyName", Default = "", Description = "Name that Windows shows." },
            new() { Name = "KeyReader", Default = "", Description = "Account of a service that gets the right to read the key." },
            new() { Name = SiteSetting, Default = "", Description = "IIS: name of the site." },
            new() { Name = "HostHeader", Default = "", Description = "IIS: host name of the binding, with SNI; empty takes all https bindings of the site." },
            new() { Name = "Instance", Default = "", Description = "SQL Server: name of the instance; empty is the default one." },
            new() { Name = "StateFolder", Default = "", Description = "Folder on the computer for what was bound before, thumbprints only; empty takes KeyManager under ProgramData." },
            new() { Name = DeploySettings.WebRoot, Default = "", Description = "Folder on the computer that the site of the domains serves, such as C:\\inetpub\\wwwroot: challenge files are put below it." },
            new() { Name = DeploySettings.WebConfig, Default = "", IsFlag = true, Description = "Put a web.config beside challenge files, so that IIS serves files without an extension." },
            new() { Name = "Services", Default = "IIS,SMTP", Description = "Exchange: the services." },
            .. DeploySettings.OfProof,
        ],
        Notes = "Runs in the PowerShell that calls: on Windows, or from anywhere with remoting. The user needs to be administrator of the computer. The key travels inside the encrypted session, as a SecureString, never as a file.",
        ProvedOn = "PowerShell 7 on Linux, over remoting by SSH too, with a real certificate store of .NET; the services of Windows by doubles of their commands only",
    };

    public DeployKindDescription Description => About;

    public void Check(DeployContext context)
    {
        if (string.Equals(context.Setting(RecipeSetting), Iis, StringComparison.OrdinalIgnoreCase) && context.Setting(SiteSetting) is null)
        {
            throw new InvalidRequestException(ErrorIds.InvalidSetting, "A binding of IIS belongs to a site.") { Target = context.Target.Name, Remedy = $"Name it: -{SiteSetting} 'Default Web Site'." };
        }

        if (context.Has(PasswordSetting) != (context.Setting(UserNameSetting) is not null))
        {
            throw new InvalidRequestException(ErrorIds.InvalidSetting, "User and password belong together.") { Target = context.Target.Name, Remedy = $"Give -{UserNameSetting} and -{PasswordSetting}, or neither." };
        }

        _ = DeploySettings.Endpoints(context, null, null, 443, EndpointProtocol.Tls);
    }

    public DeployPlan Plan(DeployContext context, Certificate certificate)
    {
        string where = context.Setting(ComputerNameSetting) ?? "this computer";
        string recipe = context.Setting(RecipeSetting) ?? Store;
        return new DeployPlan
        {
            Target = context.Target,
            Certificate = certificate,
            Actions =
            [
                $"Store it with its key on {where}: {context.Setting("StoreLocation") ?? "LocalMachine"}\\{context.Setting("StoreName") ?? "My"}{(context.Setting("Exportable") == bool.TrueString ? ", exportable" : "")}{(context.Setting(KeyProviderSetting) is string provider ? ", kept by " + provider : "")}",
                .. context.Setting("KeyReader") is string reader ? new[] { $"Let {reader} read the key" } : [],
                .. recipe == Store ? [] : new[] { $"Bind it: {recipe} {context.Setting(SiteSetting)} {context.Setting("HostHeader")}{context.Setting("Instance")}".TrimEnd() },
            ],
            Endpoints = DeploySettings.Endpoints(context, certificate, context.Setting(ComputerNameSetting) ?? "localhost", Ports.TryGetValue(recipe, out int port) ? port : null, EndpointProtocol.Tls),
        };
    }

    public Task<IDeploySession> OpenAsync(DeployContext context, DeployPlan plan, DeployContent? content, CancellationToken cancellationToken) =>
        Task.FromResult<IDeploySession>(new ScriptDeploySession(
            context, plan, ScriptName, (scripts, action, id, token) => RunAsync(scripts, action, id, context, plan, content, token), _gate, look: "Look"));

    public async Task PublishAsync(DeployContext context, string root, IReadOnlyList<ChallengeFile> files, Action<string> made, CancellationToken cancellationToken)
    {
        try
        {
            foreach (string folder in await HandleFilesAsync("Publish", context, root, files, [], cancellationToken).ConfigureAwait(false))
            {
                made(folder);
            }
        }
        catch (DeploymentException error) when (error.ErrorId == ErrorIds.ScriptFailed)
        {
            throw ChallengeFile.NotPublished(files[0].Challenge, error.Message, error.Remedy);
        }
    }

    public Task RemoveAsync(DeployContext context, string root, IReadOnlyList<ChallengeFile> files, IReadOnlyCollection<string> made, CancellationToken cancellationToken) =>
        HandleFilesAsync("Unpublish", context, root, files, made, cancellationToken);

    private async Task<IReadOnlyList<string>> HandleFilesAsync(
        string action, DeployContext context, string root, IReadOnlyList<ChallengeFile> files, IReadOnlyCollection<string> made, CancellationToken cancellationToken)
    {
        IScriptRunner scripts = context.Scripts ?? throw ScriptDeploySession.NoPowerShell(context, ScriptName);
        Dictionary<string, object> work = new()
        {
            ["Root"] = root,
            ["Files"] = files.Select(object (f) => new Dictionary<string, object> { ["Folder"] = f.Folder, ["Name"] = f.Name, ["Text"] = action == "Publish" ? Encoding.ASCII.GetString(f.Content) : "" }).ToArray(),
            ["Made"] = made.ToArray<object>(),
            ["WebConfig"] = WebConfigFile.Text,
        };
        Dictionary<string, object> arguments = Arguments(action, context);
        arguments["ChallengeFiles"] = (IReadOnlyDictionary<string, object>)work;
        IReadOnlyList<string> said = [];
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await CallAsync(scripts, context, arguments, async () => said = await scripts.AskTextAsync(ScriptName, Script.Value, arguments, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            return said;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static Dictionary<string, object> Arguments(string action, DeployContext context) => new()
    {
        ["Action"] = action, ["Settings"] = (IReadOnlyDictionary<string, object>)context.Target.Settings.ToDictionary(s => s.Key, s => (object)s.Value),
    };

    private async Task RunAsync(IScriptRunner scripts, string action, string deploymentId, DeployContext context, DeployPlan plan, DeployContent? content, CancellationToken cancellationToken)
    {
        Dictionary<string, object> arguments = Arguments(action, context);
        arguments["DeploymentId"] = deploymentId;
        arguments["Thumbprint"] = plan.Certificate.Thumbprint;
        List<byte[]> secrets = [];
        try
        {
            if (action == "Install" && content is not null)
            {
                (byte[] pfx, byte[] password) = Pack(content, context.Setting(KeyProviderSetting));
                secrets.AddRange([pfx, password]);
                arguments["Pfx"] = new ScriptSecret(pfx);
                arguments["PfxPassword"] = new ScriptSecret(password);
            }

            await CallAsync(scripts, context, arguments, () => scripts.RunTextAsync(ScriptName, Script.Value, arguments, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            SecretValues.Overwrite(secrets);
        }
    }

    /// <summary>Says in the arguments how the computer is reached, and runs the script.</summary>
    /// <exception cref="TransportException">KmTargetUnreachable.</exception>
    /// <exception cref="DeploymentException">KmScriptFailed.</exception>
    private static async Task CallAsync(IScriptRunner scripts, DeployContext context, Dictionary<string, object> arguments, Func<Task> run)
    {
        byte[]? password = null;
        try
        {
            if (context.Setting(ComputerNameSetting) is string computer && scripts.FindSession(computer) is object session)
            {
                arguments["Session"] = session;
            }
            else if (context.Setting(UserNameSetting) is string user && (password = context.GetSecret(PasswordSetting)) is not null)
            {
                arguments["Credential"] = new ScriptSecret(password, user);
            }

            await run().ConfigureAwait(false);
        }
        catch (ChallengeException error) when (error.ErrorId == ErrorIds.ScriptFailed)
        {
            throw error.IsTransient
                ? DeployProblems.Unreachable(context.Setting(ComputerNameSetting) ?? context.Target.Name, error.Message, error)
                : new DeploymentException(ErrorIds.ScriptFailed, error.Message, error)
                {
                    Target = context.Target.Name,
                    Remedy = $"Mend on the computer what is said; Test-KmDeployTarget {context.Target.Name} tries the way there and what is needed.",
                };
        }
        finally
        {
            SecretValues.Overwrite(password is null ? [] : [password]);
        }
    }

    /// <summary>The keystore, Base64, with a password that lives as long as the call. Old encryption: Windows Server 2016 reads no other.</summary>
    private (byte[] Pfx, byte[] Password) Pack(DeployContent content, string? keyProvider)
    {
        byte[] random = new byte[24];
        using (RandomNumberGenerator generator = RandomNumberGenerator.Create())
        {
            generator.GetBytes(random);
        }

        string password = Convert.ToBase64String(random);
        byte[] pfx = formats.First(f => f.Type == KeystoreType.Pkcs12).Write([content.Entry(content.Certificate.Name)], new KeystoreOptions { Password = password, Pkcs12Protection = Pkcs12Protection.Legacy, KeyProvider = keyProvider });
        try
        {
            return (Encoding.ASCII.GetBytes(Convert.ToBase64String(pfx)), Encoding.ASCII.GetBytes(password));
        }
        finally
        {
            Array.Clear(pfx, 0, pfx.Length);
        }
    }
}
