using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>The ways into a real sshd that <see cref="LiveDeployTests"/> does not go: with a password, and through another server.</summary>
public sealed class LiveSshTests : IDisposable
{
    private const string Password = "pass'word \"with $signs` 4711";

    private readonly DeployBench _bench = new();
    private readonly List<SshServer> _servers = [];

    public void Dispose()
    {
        _servers.ForEach(s => s.Dispose());
        _bench.Dispose();
    }

    [Fact]
    public async Task A_password_lets_in_and_a_wrong_one_is_told_without_it()
    {
        SshServer ssh = Start("ssh", Password);
        Certificate certificate = await _bench.GetCertificateAsync();
        Dictionary<string, string> settings = new(ssh.Settings) { ["UserName"] = "deploy", ["KeyPath"] = "", ["FullChainPath"] = Out("a.crt"), ["PrivateKeyPath"] = Out("a.key"), ["ReloadCommand"] = $"id -un > '{Out("who")}'", ["Endpoint"] = "None" };
        _bench.Add("right", "Ssh", settings, ("Password", Password));
        _bench.Add("wrong", "Ssh", settings, ("Password", "canary-4712"));

        Deployment deployed = await _bench.DeployAsync(certificate, "right");
        Assert.Equal((DeploymentStatus.DeployedUnverified, null), (deployed.Status, deployed.ErrorId));
        Assert.Equal("600", DeployBench.Mode(Out("a.key")));
        Assert.True(File.Exists(Out("who")));
        Assert.Equal(1, Count(ssh, "Accepted password for deploy"));

        Deployment refused = await _bench.DeployAsync(await _bench.RenewAsync(certificate), "wrong");
        Assert.Equal((DeploymentStatus.Failed, "KmTargetCredentialRejected"), (refused.Status, refused.ErrorId));
        Assert.DoesNotContain("4712", refused.Problem + string.Join("", refused.Evidence) + string.Join("", _bench.Reporter.Steps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_way_may_lead_through_another_server_whose_key_is_known_too()
    {
        SshServer ssh = Start("ssh");
        SshServer jump = Start("jump");
        Certificate certificate = await _bench.GetCertificateAsync();
        string config = Out("config");
        string known = Out("known");
        File.WriteAllText(known, $"[127.0.0.1]:{jump.Port} {jump.HostKey}\n[127.0.0.1]:{ssh.Port} {ssh.HostKey}\n");
        File.WriteAllText(config, $"Host *\n  UserKnownHostsFile {known}\n  IdentityFile {ssh.KeyPath}\n  IdentityFile {jump.KeyPath}\n  IdentitiesOnly yes\n");
        Dictionary<string, string> settings = new(ssh.Settings)
        {
            ["KeyPath"] = "", ["HostKey"] = "", ["ConfigPath"] = config, ["JumpHost"] = $"{Environment.UserName}@127.0.0.1:{jump.Port}", ["FullChainPath"] = Out("a.crt"), ["Endpoint"] = "None",
        };
        _bench.Add("behind", "Ssh", settings);

        Assert.Equal(DeploymentStatus.DeployedUnverified, (await _bench.DeployAsync(certificate, "behind")).Status);
        Assert.Equal((1, 1), (ssh.Accepted, jump.Accepted));

        File.WriteAllText(known, $"[127.0.0.1]:{jump.Port} {File.ReadAllText(jump.StrangerKeyPath + ".pub").Trim()}\n[127.0.0.1]:{ssh.Port} {ssh.HostKey}\n");
        Deployment refused = await _bench.DeployAsync(await _bench.RenewAsync(certificate), "behind");
        Assert.Equal((DeploymentStatus.Failed, "KmHostKeyChanged"), (refused.Status, refused.ErrorId));
        Assert.Equal((1, 1), (ssh.Accepted, jump.Accepted));
    }

    private static int Count(SshServer server, string text) => server.Log.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));

    private SshServer Start(string name, string? password = null)
    {
        SshServer server = new(_bench.Bench.File(name), password: password);
        _servers.Add(server);
        return server;
    }

    private string Out(string name) => Path.Combine(Directory.CreateDirectory(_bench.Bench.File("out")).FullName, name);
}
