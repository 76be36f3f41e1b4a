using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Discovery;
using KeyManager.Hosting;

namespace KeyManager.Providers.Discovery;

/// <summary>Looks into the certificate stores of Windows and the bindings of IIS: in this session, or by PowerShell remoting. One script does it, Windows/Find.ps1.</summary>
internal sealed class WindowsFinder : ICertificateFinder
{
    private const string ScriptName = "Find.ps1";
    private const int Columns = 5;

    private static readonly Lazy<string> Script = new(() => EmbeddedText.Read("KeyManager.Providers.Discovery.Windows." + ScriptName));

    public bool CanFind(DiscoveryScope scope) => scope is WindowsScope;

    public async Task FindAsync(DiscoveryScope scope, Func<Finding, Task> found, IReporter reporter, CancellationToken cancellationToken)
    {
        WindowsScope windows = (WindowsScope)scope;
        Dictionary<string, object> settings = windows.Target?.Target.Settings.ToDictionary(s => s.Key, s => (object)s.Value) ?? [];
        Dictionary<string, object> arguments = new()
        {
            ["Stores"] = windows.Stores.Cast<object>().ToArray(), ["WithBindings"] = windows.WithBindings, ["Settings"] = (IReadOnlyDictionary<string, object>)settings,
        };
        byte[]? password = windows.Target?.Setting("UserName") is null ? null : windows.Target.GetSecret("Password");
        try
        {
            if (password is not null)
            {
                arguments["Credential"] = new ScriptSecret(password, windows.Target?.Setting("UserName"));
            }

            foreach (string line in await windows.Scripts.AskTextAsync(ScriptName, Script.Value, arguments, cancellationToken).ConfigureAwait(false))
            {
                if (Read(line, windows) is Finding finding)
                {
                    await found(finding).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (password is not null)
            {
                Array.Clear(password, 0, password.Length);
            }
        }
    }

    // A start-up file of the other computer may write lines of its own.
    private static Finding? Read(string line, WindowsScope scope)
    {
        string[] parts = line.Split('\t');
        if (parts.Length != Columns || !Enum.TryParse(parts[0], out DiscoverySource source))
        {
            return null;
        }

        Finding finding = new(source, scope.ComputerName, parts[1]) { Problem = parts[4].Length > 0 ? parts[4] : null };
        try
        {
            return parts[3].Length == 0 ? finding : finding with { Certificate = Convert.FromBase64String(parts[3]), HasPrivateKey = parts[2] == bool.TrueString };
        }
        catch (FormatException)
        {
            return finding with { Problem = "The certificate came damaged." };
        }
    }
}
