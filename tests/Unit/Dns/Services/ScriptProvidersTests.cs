using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Operations;
using KeyManager.Providers.Dns.Services.PoshAcme;
using KeyManager.Providers.Dns.Services.Script;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

/// <summary>What scripts and plug-ins are given; that they do with it what they should is tried at a real PowerShell.</summary>
public sealed class ScriptProvidersTests : IDisposable
{
    private readonly TestBench _bench = new();
    private readonly Runner _runner = new();

    public ScriptProvidersTests() => _bench.DnsProviders = new DnsProviderRegistry([new ScriptProvider(), new PoshAcmeProvider()]);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_script_block_gets_name_value_and_its_arguments()
    {
        DnsAccount account = Add("Script", new() { ["AddScript"] = "add it", ["RemoveScript"] = "remove it", ["Zone"] = "Contoso.com.", ["ScriptArgument.Server"] = "\"ns1\"", ["ScriptArgument.Ttl"] = "60", ["ScriptArgument.User"] = "\"me\"" }, ("ScriptArgument.Token", "t0k3n"), ("ScriptArgument.User", "p4ss"));
        await ApplyAsync(account, "_acme-challenge.contoso.com", RecordChange.Add(DnsRecordType.Txt, "_acme-challenge.contoso.com", "proof"), RecordChange.Remove(DnsRecordType.CName, "a.contoso.com", "b.test"));
        Assert.Equal(["add it", "remove it"], _runner.Calls.Select(c => c.Text));
        IReadOnlyDictionary<string, object> first = _runner.Calls[0].Parameters;
        Assert.Equal(("_acme-challenge.contoso.com", "proof", "TXT", "contoso.com", "ns1", 60L), (first["RecordName"], first["Value"], first["Type"], first["Zone"], first["Server"], first["Ttl"]));
        Assert.Equal((null, "t0k3n"), _runner.Calls[0].Secrets["Token"]);
        Assert.Equal(("me", "p4ss"), _runner.Calls[0].Secrets["User"]);
        Assert.Equal("CNAME", _runner.Calls[1].Parameters["Type"]);
        Assert.All(_runner.Given, secret => Assert.All(secret.Value, b => Assert.Equal(0, b)));
    }

    [Fact]
    public async Task A_file_is_called_with_the_same_parameters()
    {
        File.WriteAllText(_bench.File("it's add.ps1"), "");
        File.WriteAllText(_bench.File("remove.ps1"), "");
        DnsAccount account = Add("Script", new() { ["AddPath"] = _bench.File("it's add.ps1"), ["RemovePath"] = _bench.File("remove.ps1") });
        await ApplyAsync(account, "_acme-challenge.contoso.com", RecordChange.Add(DnsRecordType.Txt, "_acme-challenge.contoso.com", "proof"));
        Assert.Equal($"& '{_bench.File("it's add.ps1").Replace("'", "''")}' @args", _runner.Calls.Single().Text);
    }

    [Fact]
    public async Task A_plug_in_gets_all_changes_at_once_and_its_arguments()
    {
        File.WriteAllText(_bench.File("Foo.ps1"), "");
        DnsAccount account = Add("PoshAcme", new() { ["PluginPath"] = _bench.File("Foo.ps1"), ["PluginArgument.FooUser"] = "\"me\"", ["PluginArgument.FooIds"] = "[1,2]", ["PluginArgument.FooFlag"] = "true" }, ("PluginArgument.FooToken", "t0k3n"));
        await ApplyAsync(account, "_acme-challenge.contoso.com", RecordChange.Add(DnsRecordType.Txt, "_acme-challenge.contoso.com", "proof"), RecordChange.Remove(DnsRecordType.Txt, "a.contoso.com", "old"));
        Runner.Call call = Assert.Single(_runner.Calls);
        Assert.Contains("Add-DnsTxt", call.Text, StringComparison.Ordinal);
        IReadOnlyDictionary<string, object> arguments = (IReadOnlyDictionary<string, object>)call.Parameters["PluginArgument"];
        Assert.Equal(("me", true), (arguments["FooUser"], arguments["FooFlag"]));
        Assert.Equal(new object[] { 1L, 2L }, arguments["FooIds"]);
        Assert.Equal([false, true], ((object[])call.Parameters["Change"]).Cast<IReadOnlyDictionary<string, object>>().Select(c => c["IsRemoval"]));
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(account, "a.contoso.com", RecordChange.Add(DnsRecordType.CName, "a.contoso.com", "b.test")));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
    }

    [Fact]
    public async Task Without_a_PowerShell_there_is_no_script()
    {
        DnsAccount account = Add("Script", new() { ["AddScript"] = "add", ["RemoveScript"] = "remove" });
        DnsContext context = DnsAccess.Context(_bench.Store, account, null, _bench.Reporter, null);
        Assert.Equal(ErrorIds.ScriptFailed, (await Assert.ThrowsAsync<ChallengeException>(() => _bench.DnsProviders.Get("Script").ApplyAsync(context, new HostedZone("", ""), [RecordChange.Add(DnsRecordType.Txt, "a.b", "c")], CancellationToken.None))).ErrorId);
    }

    [Theory]
    [InlineData("Script", "AddScript", "x", "needs credentials")]
    [InlineData("PoshAcme", "StatePath", "x", "needs PluginPath")]
    [InlineData("PoshAcme", "PluginPath", "none.ps1", "does not exist")]
    public void What_can_never_work_is_refused(string provider, string setting, string value, string problem) =>
        Assert.Contains(problem, Assert.Throws<InvalidRequestException>(() => Add(provider, new() { [setting] = value })).Message, StringComparison.Ordinal);

    [Fact]
    public void An_entry_of_a_table_is_kept_and_changed_alone()
    {
        DnsAccount account = Add("Script", new() { ["AddScript"] = "add", ["RemoveScript"] = "remove", ["ScriptArgument.A"] = "\"1\"" }, ("ScriptArgument.Token", "one"));
        account = _bench.Services.DnsAccounts.Update(account.Id, new Dictionary<string, string> { ["ScriptArgument.B"] = "2" }, new Dictionary<string, byte[]> { ["ScriptArgument.Other"] = [65] }, _bench.Reporter);
        Assert.Equal(["ScriptArgument.Other", "ScriptArgument.Token"], account.Secrets);
        Assert.Equal(("\"1\"", "2"), (account.Settings["ScriptArgument.A"], account.Settings["ScriptArgument.B"]));
        Assert.Equal(ErrorIds.InvalidSetting, Assert.Throws<InvalidRequestException>(() => Add("Script", new() { ["AddScript"] = "a", ["RemoveScript"] = "b", ["Banana.A"] = "1" })).ErrorId);
        Assert.Equal(ErrorIds.InvalidSetting, Assert.Throws<InvalidRequestException>(() => Add("Script", new() { ["AddScript"] = "a", ["RemoveScript"] = "b", ["ScriptArgument.A"] = "no json" })).ErrorId);
    }

    private DnsAccount Add(string provider, Dictionary<string, string> settings, params (string Name, string Value)[] secrets) => _bench.Services.DnsAccounts.Add(
        new DnsAccountRequest { Name = "mine" + Identifier.New(), Provider = provider, Settings = settings, Secrets = secrets.ToDictionary(s => s.Name, s => Encoding.UTF8.GetBytes(s.Value)) }, _bench.Reporter);

    private async Task ApplyAsync(DnsAccount account, string name, params RecordChange[] changes)
    {
        IDnsProvider provider = _bench.DnsProviders.Get(account.Provider);
        DnsContext context = DnsAccess.Context(_bench.Store, account, null, _bench.Reporter, _runner);
        await provider.ApplyAsync(context, (await provider.FindZonesAsync(context, [name], CancellationToken.None))[name], changes, CancellationToken.None);
    }

    private sealed class Runner : IScriptRunner
    {
        public List<Call> Calls { get; } = [];

        public List<ScriptSecret> Given { get; } = [];

        public Task RunAsync(string path, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> AskTextAsync(string name, string text, IReadOnlyDictionary<string, object> parameters, CancellationToken cancellationToken) => throw new NotSupportedException();

        public object? FindSession(string computerName) => throw new NotSupportedException();

        public Task RunTextAsync(string name, string text, IReadOnlyDictionary<string, object> parameters, CancellationToken cancellationToken)
        {
            Given.AddRange(parameters.Values.OfType<ScriptSecret>());
            Calls.Add(new Call(text, parameters, parameters.Where(p => p.Value is ScriptSecret).ToDictionary(p => p.Key, p => (((ScriptSecret)p.Value).UserName, Encoding.UTF8.GetString(((ScriptSecret)p.Value).Value)))));
            return Task.CompletedTask;
        }

        public sealed record Call(string Text, IReadOnlyDictionary<string, object> Parameters, IReadOnlyDictionary<string, (string? User, string Value)> Secrets);
    }
}
