using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.PoshAcme;

/// <summary>Runs a DNS plug-in of Posh-ACME as it is, for the services that KeyManager does not know itself.</summary>
internal sealed class PoshAcmeProvider : IDnsProvider
{
    private const string Resource = "KeyManager.Providers.Dns.Services.PoshAcme.Bridge.ps1";

    private static readonly Lazy<string> s_bridge = new(() => EmbeddedText.Read(Resource));

    // A PowerShell runs one script at a time, and a plug-in that collects its changes must not collect those of two orders.
    private readonly SemaphoreSlim _gate = new(1);

    /// <inheritdoc/>
    public DnsProviderDescription Description { get; } = new()
    {
        Name = "PoshAcme",
        Title = "DNS plug-in of Posh-ACME",
        Settings = PoshAcmeSettings.All,
        Required = [PoshAcmeSettings.PluginPath],
        LeastRights = "Those that the guide of the plug-in names; see the documents of Posh-ACME.",
        Notes = "Posh-ACME itself is not needed, only the plug-in's file. Plug-ins write TXT records only, and are tried less than the services that KeyManager knows itself: prefer those.",
        PropagationSeconds = 300,
        KnowsItsZones = false,
    };

    /// <inheritdoc/>
    public void Check(DnsContext context)
    {
        string path = context.Setting(PoshAcmeSettings.PluginPath) ?? "";
        if (!File.Exists(path))
        {
            throw new InvalidRequestException(ErrorIds.FileNotFound, $"The plug-in '{path}' does not exist.") { Target = path, Remedy = "Name a .ps1 file of Posh-ACME's folder Plugins." };
        }

        new ScriptArguments(context, PoshAcmeSettings.PluginArgument).Dispose();
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, HostedZone>> FindZonesAsync(DnsContext context, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        Task.FromResult(ScriptedAccount.FindZones(context, names));

    /// <inheritdoc/>
    public async Task ApplyAsync(DnsContext context, HostedZone zone, IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        IScriptRunner runner = ScriptedAccount.RunnerOf(context);
        if (changes.FirstOrDefault(c => c.Type != DnsRecordType.Txt) is RecordChange alias)
        {
            throw ServiceErrors.Refused(context, $"write an alias (CNAME) at {alias.Name}", "plug-ins of Posh-ACME write TXT records only", "Use a service that KeyManager knows itself, or the provider Script.");
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using ScriptArguments arguments = new(context, PoshAcmeSettings.PluginArgument);
            string path = context.Setting(PoshAcmeSettings.PluginPath) ?? "";
            await runner.RunTextAsync(
                $"The plug-in {Path.GetFileName(path)} of the DNS account {context.Account}",
                s_bridge.Value,
                new Dictionary<string, object>
                {
                    ["PluginPath"] = path,
                    ["PluginArgument"] = arguments.Values,
                    ["Change"] = changes.Select(c => new Dictionary<string, object> { ["IsRemoval"] = c.IsRemoval, ["RecordName"] = c.Name, ["TxtValue"] = c.Value }).ToArray<object>(),
                    ["StatePath"] = context.Setting(PoshAcmeSettings.StatePath) ?? "",
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }
}
