using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Operations;
using KeyManager.Providers;
using KeyManager.Providers.Deployments.Probing;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;

namespace KeyManager.Tests.Deployments;

/// <summary>A store with a private authority and the real kinds of target, in real time.</summary>
internal sealed class DeployBench : IDisposable
{
    public DeployBench(Func<IReadOnlyList<IDeployKind>, IReadOnlyList<IDeployKind>>? kinds = null)
    {
        IReadOnlyList<IKeystoreFormat> formats = [new Pkcs12Format(), new JksFormat(Clock.System), new PemFormat(new KeyTools(), new CertificateTools())];
        IReadOnlyList<IDeployKind> real = KeyManagerHost.NewDeployKinds(Clock.System, formats);
        Bench.Clock.Advance(Clock.System.UtcNow - Bench.Clock.UtcNow);
        Bench.Adjust = ports => ports with { Clock = Clock.System, DeployKinds = new DeployKindRegistry(kinds is null ? real : kinds(real)), Endpoints = Probe };
    }

    public TestBench Bench { get; } = new();

    public IEndpointProbe Probe { get; } = new TlsProbe(Clock.System);

    public CollectingReporter Reporter => Bench.Reporter;

    public KeyManagerServices Services => Bench.Services;

    public async Task<Certificate> GetCertificateAsync(string name = "www.contoso.com")
    {
        if (Bench.Store.Read(s => s.Accounts.List()).Count == 0)
        {
            await Bench.AddAccountAsync();
        }

        return await Bench.GetCertificateAsync(name);
    }

    public async Task<Certificate> RenewAsync(Certificate certificate) => Bench.Certificate((await Bench.RenewAsync(certificate)).CertificateId!);

    public DeployTarget Add(string name, string kind, IReadOnlyDictionary<string, string> settings, params (string Name, string Value)[] secrets) => Services.DeployTargets.Add(
        new DeployTargetRequest { Name = name, Kind = kind, Settings = settings, Secrets = secrets.ToDictionary(s => s.Name, s => Encoding.UTF8.GetBytes(s.Value)) }, Reporter);

    public DeployTarget Change(string name, params (string Name, string Value)[] settings) =>
        Services.DeployTargets.Update(name, settings.ToDictionary(s => s.Name, s => s.Value), new Dictionary<string, byte[]>(), Reporter);

    public async Task<Deployment> DeployAsync(Certificate certificate, string target, bool force = false, CancellationToken cancellationToken = default) => (await Services.DeployCertificate.RunAsync(
        [Services.DeployCertificate.Plan(certificate.Id, target)], new DeployOptions { Force = force }, Reporter, cancellationToken)).Single();

    /// <summary>Writes a certificate as an administrator would have done by hand before.</summary>
    public void WriteByHand(Certificate certificate, string fullChain, string key)
    {
        ExportRequest request = new() { Path = Bench.File("by-hand"), PathIsFolder = true, Format = ExportFormat.Pem, FileName = "x", WithoutRoot = true, Overwrite = true };
        Services.ExportCertificate.Run(certificate.Id, request);
        File.Copy(Bench.File("by-hand", "x.fullchain.crt"), fullChain, overwrite: true);
        File.Copy(Bench.File("by-hand", "x.key"), key, overwrite: true);
    }

    /// <summary>Settings of a target whose files nginx reads.</summary>
    public static Dictionary<string, string> For(NginxServer nginx, IReadOnlyDictionary<string, string>? more = null)
    {
        Dictionary<string, string> settings = new()
        {
            ["FullChainPath"] = nginx.FullChain, ["PrivateKeyPath"] = nginx.Key, ["TestCommand"] = nginx.Test, ["ReloadCommand"] = nginx.Reload, ["Endpoint"] = nginx.Endpoint, ["ProofSeconds"] = "10",
        };
        foreach (KeyValuePair<string, string> setting in more ?? new Dictionary<string, string>())
        {
            settings[setting.Key] = setting.Value;
        }

        return settings;
    }

    /// <summary>Serial number that a port of this machine serves.</summary>
    public async Task<string> ServedAsync(int port) => Bench.Certificates.Parse((await AskAsync(port)).Certificate).SerialNumber;

    /// <summary>What a port of this machine serves.</summary>
    public Task<ServedCertificate> AskAsync(int port, EndpointProtocol protocol = EndpointProtocol.Tls) =>
        Probe.AskAsync(new Endpoint("127.0.0.1", port, protocol, "www.contoso.com"), TimeSpan.FromSeconds(5), CancellationToken.None);

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Interoperability", "CA1416", Justification = "The servers that these tests need run on Unix only.")]
    public static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);

    public void Dispose() => Bench.Dispose();
}
