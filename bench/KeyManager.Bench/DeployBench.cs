using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Bench.Acme;
using KeyManager.Operations;

namespace KeyManager.Bench;

/// <summary>
/// Many servers of OpenSSH on this machine, to which one certificate goes at once. Each takes a while to reload, as services do, some much longer than others: what is measured is how
/// much the others cost beyond the slowest.
/// </summary>
internal sealed class DeployBench : IDisposable
{
    private const double Bar = 1.5;

    private readonly string _folder = Directory.CreateTempSubdirectory("km-bench-ssh-").FullName;
    private readonly List<(Process Server, string Log)> _servers = [];

    /// <exception cref="MissingProgramException">There is no OpenSSH.</exception>
    public static async Task RunAsync(int count, int runs)
    {
        using DeployBench bench = new();
        await bench.MeasureAsync(count, runs).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach ((Process server, _) in _servers)
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
            server.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task MeasureAsync(int count, int runs)
    {
        string program = File.Exists("/usr/sbin/sshd") ? "/usr/sbin/sshd" : Programs.Find("sshd") ?? throw new MissingProgramException("sshd", "openssh-server");
        string keygen = Programs.Find("ssh-keygen") ?? throw new MissingProgramException("ssh-keygen", "openssh-client");
        Report.Begin(string.Create(CultureInfo.InvariantCulture, $"deploy: {count} SSH targets at a time, {runs} runs"));
        foreach (string name in new[] { "host", "user" })
        {
            using Process made = Process.Start(keygen, ["-q", "-t", "ed25519", "-N", "", "-f", At(name)]);
            await made.WaitForExitAsync().ConfigureAwait(false);
        }

        using TemporaryStore store = new();
        using KeyManagerServices services = store.Open();
        AccountRequest account = new() { Id = Identifier.New(), Name = "private" };
        await services.RegisterAccount.RunAsync("Local", account, makeDefault: true, Silence.Instance, CancellationToken.None).ConfigureAwait(false);
        CertificateOrder order = await services.PlaceOrder.RunAsync(new OrderRequest { DomainNames = [DomainName.Parse("deploy.bench.test")] }, Silence.Instance, CancellationToken.None).ConfigureAwait(false);
        order = await services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions(), Silence.Instance, CancellationToken.None).ConfigureAwait(false);
        for (int number = 0; number < count; number++)
        {
            // From nothing to four seconds.
            AddTarget(services, program, number, seconds: 4.0 * (number + 1) / count);
        }

        List<double> alone = [];
        List<double> slowest = [];
        List<double> all = [];
        for (int run = 0; run < runs; run++)
        {
            alone.Add((await DeployAsync(services, order.CertificateId!, [NameOf(count - 1)]).ConfigureAwait(false)).All);
            (double whole, double one) = await DeployAsync(services, order.CertificateId!, [.. Enumerable.Range(0, count).Select(NameOf)]).ConfigureAwait(false);
            all.Add(whole);
            slowest.Add(one);
        }

        Report.Add("all of them", all, "s");
        Report.Add("the slowest of them", slowest, "s");
        Report.AddOne("the medians, times the slowest", Report.Median(all) / Report.Median(slowest), "x", atMost: Bar);
        Report.Add("the slowest alone, while this machine has no other servers to be", alone, "s");
        Report.AddOne("the medians, times that", Report.Median(all) / Report.Median(alone), "x");
        List<int> logins = [.. _servers.Select(s => File.ReadAllText(s.Log).Split("Accepted publickey").Length - 1)];
        Report.AddOne("connections to a target in a run, the most of all", Math.Max(logins.SkipLast(1).Max() / (double)runs, logins[^1] / (2.0 * runs)), "", atMost: 1);
    }

    /// <summary>Seconds for all of them, and for the one that took longest.</summary>
    private static async Task<(double All, double Slowest)> DeployAsync(KeyManagerServices services, string certificateId, string[] targets)
    {
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyList<Deployment> ends = await services.DeployCertificate.RunAsync(
            [.. targets.Select(t => services.DeployCertificate.Plan(certificateId, t))], new DeployOptions { ThrottleLimit = targets.Length, Force = true }, Silence.Instance, CancellationToken.None).ConfigureAwait(false);
        return ends.FirstOrDefault(d => !d.IsInPlace) is Deployment failed
            ? throw new InvalidOperationException($"{failed.Target}: {failed.Problem}")
            : (watch.Elapsed.TotalSeconds, ends.Max(d => (d.UpdatedAt - d.StartedAt).TotalSeconds));
    }

    private static string NameOf(int number) => FormattableString.Invariant($"server{number:000}");

    private void AddTarget(KeyManagerServices services, string program, int number, double seconds)
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        string name = NameOf(number);
        string folder = Directory.CreateDirectory(At(name)).FullName;
        string log = At(name, "log");
        string configuration = At(name, "sshd_config");
        if (Environment.UserName == "root")
        {
            Directory.CreateDirectory("/run/sshd");
        }

        // SHLVL: without it Debian's bash reads ~/.bashrc for every command, and whatever is there would be measured.
        File.WriteAllText(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {At("host")}
            AuthorizedKeysFile {At("user.pub")}
            PidFile none
            StrictModes no
            UsePAM no
            PermitRootLogin yes
            SetEnv SHLVL=2
            Subsystem sftp internal-sftp

            """));
        _servers.Add((Process.Start(program, ["-D", "-E", log, "-f", configuration]), log));
        WaitFor(port);
        DeployTargetRequest request = new()
        {
            Name = name,
            Kind = "Ssh",
            Settings = new Dictionary<string, string>
            {
                ["HostName"] = "127.0.0.1",
                ["Port"] = port.ToString(CultureInfo.InvariantCulture),
                ["UserName"] = Environment.UserName,
                ["KeyPath"] = At("user"),
                ["HostKey"] = File.ReadAllText(At("host.pub")).Trim(),
                ["ConfigPath"] = "/dev/null",
                ["FullChainPath"] = Path.Combine(folder, "site.crt"),
                ["PrivateKeyPath"] = Path.Combine(folder, "site.key"),
                ["TestCommand"] = "true",
                ["ReloadCommand"] = string.Create(CultureInfo.InvariantCulture, $"sleep {seconds:0.00}"),
                ["Endpoint"] = "None",
            },
            Secrets = new Dictionary<string, byte[]>(),
        };
        services.DeployTargets.Add(request, Silence.Instance);
    }

    private static void WaitFor(int port)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using TcpClient client = new("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (attempt < 500)
            {
                Thread.Sleep(10);
            }
        }
    }

    private string At(params string[] names) => Path.Combine([_folder, .. names]);
}
