#if NET // the services are those of Debian, where .NET Framework is not at home
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>A client that connects to HAProxy while it is deployed to.</summary>
public sealed class LiveRecipeClientTests : LiveRecipeBase
{
    [Fact]
    public async Task A_client_of_HAProxy_that_connects_all_the_time_never_sees_a_failure()
    {
        LiveService service = Start("HAProxy");
        SshServer ssh = Keep(new SshServer(Bench.Bench.File("ssh")));
        Bench.Add("web", "Ssh", new Dictionary<string, string>(service.Settings.Concat(ssh.Settings)));
        Certificate certificate = await Bench.GetCertificateAsync();
        await DeployedAsync(certificate, service);
        List<string> good = [certificate.SerialNumber];
        using CancellationTokenSource over = new();
        List<string> seen = [];
        Task watching = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                seen.Add(await Bench.ServedAsync(service.Port)); // throws when it is refused
                await Task.Delay(5); // leaves something of the machine to those who are watched
            }
        });

        for (int i = 0; i < 2; i++)
        {
            certificate = await Bench.RenewAsync(certificate);
            good.Add(certificate.SerialNumber);
            await DeployedAsync(certificate, service);
        }

        Certificate unfit = await Bench.RenewAsync(certificate);
        Bench.Change("web", service.Unfit);
        await RolledBackAsync(unfit, service.UnfitErrorId, certificate, service);

        // Without the test the master finds out itself, and keeps the workers that it has.
        Bench.Change("web", ("TestCommand", "None"), ("ReloadCommand", $"kill -USR2 $(cat '{service.Folder}/pid')"), ("ProofSeconds", "1"));
        await RolledBackAsync(unfit, "KmCertificateNotServed", certificate, service);
        over.Cancel();
        await watching;
        Assert.InRange(seen.Count, 10, int.MaxValue);
        Assert.Equal(good, seen.Distinct());
    }
}
#endif
