using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Script;

/// <summary>Two scripts of the user's, one that adds a value and one that takes it away: for every service that has a command or an interface.</summary>
internal sealed class ScriptProvider : IDnsProvider
{
    // A PowerShell runs one script at a time, and what a script changes as a whole two of them would change against each other.
    private readonly SemaphoreSlim _gate = new(1);

    /// <inheritdoc/>
    public DnsProviderDescription Description { get; } = new()
    {
        Name = "Script",
        Title = "Scripts of your own",
        Settings = ScriptSettings.All,
        Credentials =
        [
            new CredentialWay("Script blocks", [ScriptSettings.AddScript, ScriptSettings.RemoveScript]),
            new CredentialWay("Files", [ScriptSettings.AddPath, ScriptSettings.RemovePath]),
        ],
        LeastRights = "Whatever your scripts need: the right to add and take away TXT records at the names of proofs.",
        Notes = "A value that is there already must not be added again, other values at the name must be left alone, and taking away what is gone is no error. An exception says that it did not work.",
        KnowsItsZones = false,
    };

    /// <inheritdoc/>
    public void Check(DnsContext context)
    {
        foreach (string path in new[] { ScriptSettings.AddPath, ScriptSettings.RemovePath }.Select(context.Setting).Where(p => p is not null).Select(p => p!))
        {
            if (!File.Exists(path))
            {
                throw new InvalidRequestException(ErrorIds.FileNotFound, $"The script '{path}' does not exist.") { Target = path, Remedy = "Name a .ps1 file." };
            }
        }

        new ScriptArguments(context, ScriptSettings.ScriptArgument).Dispose();
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, HostedZone>> FindZonesAsync(DnsContext context, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        Task.FromResult(ScriptedAccount.FindZones(context, names));

    /// <inheritdoc/>
    public async Task ApplyAsync(DnsContext context, HostedZone zone, IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        IScriptRunner runner = ScriptedAccount.RunnerOf(context);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (RecordChange change in changes)
            {
                string? path = context.Setting(change.IsRemoval ? ScriptSettings.RemovePath : ScriptSettings.AddPath);
                string text = path is not null ? CallFile(path) : context.Setting(change.IsRemoval ? ScriptSettings.RemoveScript : ScriptSettings.AddScript) ?? "";
                using ScriptArguments more = new(context, ScriptSettings.ScriptArgument);
                Dictionary<string, object> parameters = more.Values.ToDictionary(v => v.Key, v => v.Value, StringComparer.OrdinalIgnoreCase);
                parameters["RecordName"] = change.Name;
                parameters["Value"] = change.Value;
                parameters["Type"] = change.Type == DnsRecordType.Txt ? "TXT" : "CNAME";
                parameters["Zone"] = zone.Name;
                string what = $"The {(change.IsRemoval ? "removing" : "adding")} script of the DNS account {context.Account}";
                await runner.RunTextAsync(what, text, parameters, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    // The parameters are those of the call; a file takes them over whole.
    private static string CallFile(string path) => $"& '{path.Replace("'", "''")}' @args";
}
