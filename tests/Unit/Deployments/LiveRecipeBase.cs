#if NET // the services are those of Debian, where .NET Framework is not at home
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Deployments;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>Tests of recipes on their services. Several classes, so that one does not wait for the service of another.</summary>
public abstract class LiveRecipeBase : IDisposable
{
    private readonly List<IDisposable> _servers = [];

    internal DeployBench Bench { get; } = new();

    public void Dispose()
    {
        foreach (IDisposable server in _servers)
        {
            server.Dispose();
        }

        Bench.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The life of a target of the recipe: the first certificate, a renewal that is rolled back twice, the renewal, nothing to do.</summary>
    private protected async Task ProveAsync(string recipe)
    {
        LiveService service = Start(recipe);
        Dictionary<string, string> settings = service.Settings;
        Bench.Add("web", "Local", settings);
        Certificate first = await Bench.GetCertificateAsync();
        await DeployedAsync(first, service);
        Certificate renewed = await Bench.RenewAsync(first);

        Bench.Change("web", ("ReloadCommand", $"mkdir '{Path.Combine(service.Folder, "failed")}' && exit 3; {service.Reload}")); // fails once
        await RolledBackAsync(renewed, "KmReloadFailed", first, service);

        Bench.Change("web", [("ReloadCommand", service.Reload), ("ProofSeconds", "1"), .. service.Unfit]);
        await RolledBackAsync(renewed, service.UnfitErrorId, first, service);

        Bench.Change("web", [("ProofSeconds", "10"), .. service.Unfit.Select(u => (u.Name, settings.GetValueOrDefault(u.Name, "")))]); // as it was
        Deployment deployment = await DeployedAsync(renewed, service);
        Assert.All(deployment.Files, f => Assert.True(File.Exists(f.PreviousPath), f.Path)); // beside, and the service does not mind
        Assert.Equal("600", DeployBench.Mode(service.Key));

        Deployment again = await Bench.DeployAsync(renewed, "web");
        Assert.Equal((DeploymentStatus.Deployed, false, deployment.Id), (again.Status, again.IsChanged, again.Id));
    }

    /// <summary>Deploys it, and sees it with its whole chain.</summary>
    private protected async Task<Deployment> DeployedAsync(Certificate certificate, LiveService service)
    {
        Deployment deployment = await Bench.DeployAsync(certificate, "web");
        Assert.True(deployment.Problem is null, deployment.Problem + service.Log);
        Assert.Equal((DeploymentStatus.Deployed, DeploymentStep.Ended, true), (deployment.Status, deployment.Step, deployment.IsChanged));
        ServedCertificate served = await Bench.AskAsync(service.Port, service.Recipe.Protocol);
        Assert.Equal(certificate.SerialNumber, Bench.Bench.Certificates.Parse(served.Certificate).SerialNumber);
        IReadOnlyList<byte[]> above = [.. Bench.Bench.Store.Read(s => s.Certificates.GetChain(certificate.Id)).Where(der => !Bench.Bench.Certificates.Parse(der).IsSelfSigned)];
        Assert.NotEmpty(above);
        Assert.Equal(above, served.Chain);
        return deployment;
    }

    /// <summary>Tries to deploy it, and sees the old one.</summary>
    private protected async Task RolledBackAsync(Certificate certificate, string errorId, Certificate old, LiveService service)
    {
        byte[] before = File.ReadAllBytes(service.Key);
        Deployment deployment = await Bench.DeployAsync(certificate, "web");
        Assert.True(deployment.ErrorId == errorId, $"{deployment.Status} {deployment.ErrorId}: {deployment.Problem} {service.Log}");
        Assert.Equal((DeploymentStatus.RolledBack, DeploymentStep.Ended), (deployment.Status, deployment.Step));
        Assert.Equal(before, File.ReadAllBytes(service.Key));
        await ServesAgainAsync(old, service);
    }

    // A roll-back does not wait for the service, which may still be about to read what was put back.
    private async Task ServesAgainAsync(Certificate old, LiveService service)
    {
        DateTime end = DateTime.UtcNow.AddSeconds(10);
        while (true)
        {
            try
            {
                if (Bench.Bench.Certificates.Parse((await Bench.AskAsync(service.Port, service.Recipe.Protocol)).Certificate).SerialNumber == old.SerialNumber)
                {
                    return;
                }
            }
            catch (TransportException) when (DateTime.UtcNow < end)
            {
                // Not yet.
            }

            Assert.True(DateTime.UtcNow < end, $"The old certificate is not served. {service.Log}");
            await Task.Delay(20);
        }
    }

    private protected LiveService Start(string recipe)
    {
        string folder = Bench.Bench.File(recipe.Replace(' ', '-'));
        return Keep<LiveService>(recipe switch
        {
            "HAProxy" => new HaproxyServer(folder, isStrict: false),
            "HAProxy for clients with certificates" => new HaproxyServer(folder, isStrict: true),
            "Postfix" => new PostfixService(folder),
            "Apache" => new ApacheServer(folder),
            "Dovecot" => new DovecotService(folder),
            _ => new PostgresServer(folder),
        });
    }

    /// <summary>Ends a server with the test.</summary>
    private protected T Keep<T>(T server)
        where T : IDisposable
    {
        _servers.Add(server);
        return server;
    }
}
#endif
