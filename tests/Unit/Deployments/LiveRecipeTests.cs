#if NET // the services are those of Debian, where .NET Framework is not at home
using System.IO;
using System.Threading.Tasks;
using KeyManager.Deployments;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>Every recipe on its service: real reloads, real handshakes.</summary>
public sealed class LiveRecipeTests : LiveRecipeBase
{
    [Theory]
    [MemberData(nameof(Proved))]
    public async Task The_first_and_the_renewed_certificate_are_served_and_a_second_run_has_nothing_to_do(string recipe)
    {
        LiveService service = Start(recipe);
        Bench.Add("web", "Local", service.Settings);
        Certificate first = await Bench.GetCertificateAsync();
        await DeployedAsync(first, service);

        Certificate renewed = await Bench.RenewAsync(first);
        Deployment deployment = await DeployedAsync(renewed, service);

        Assert.All(deployment.Files, f => Assert.True(File.Exists(f.PreviousPath), f.Path)); // beside, and the service does not mind
        Assert.Equal("600", DeployBench.Mode(service.Key));
        Deployment again = await Bench.DeployAsync(renewed, "web");
        Assert.Equal((DeploymentStatus.Deployed, false, deployment.Id), (again.Status, again.IsChanged, again.Id));
    }

    [Fact]
    public async Task Dovecot_is_not_reloaded_with_a_key_that_it_cannot_read()
    {
        DovecotServer service = (DovecotServer)Start("Dovecot");
        Bench.Add("web", "Local", service.Settings);
        Certificate old = await Bench.GetCertificateAsync();
        await DeployedAsync(old, service);
        service.Configure(Path.Combine(service.Folder, "missing.key"));

        await RolledBackAsync(await Bench.RenewAsync(old), "KmConfigurationTestFailed", old, service);
    }
}
#endif
