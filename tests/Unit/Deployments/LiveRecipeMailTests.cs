#if NET // the services are those of Debian, where .NET Framework is not at home
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>Recipes of mail servers on their services.</summary>
public sealed class LiveRecipeMailTests : LiveRecipeBase
{
    [Theory]
    [InlineData("Postfix")]
    [InlineData("Dovecot")]
    public Task A_renewal_is_served_what_is_not_taken_is_rolled_back_and_a_second_run_has_nothing_to_do(string recipe) => ProveAsync(recipe);

    [Fact]
    public async Task Dovecot_is_not_reloaded_with_a_key_that_it_cannot_read()
    {
        DovecotService service = (DovecotService)Start("Dovecot");
        Bench.Add("web", "Local", service.Settings);
        Certificate old = await Bench.GetCertificateAsync();
        await DeployedAsync(old, service);
        service.Configure(Path.Combine(service.Folder, "missing.key"));

        await RolledBackAsync(await Bench.RenewAsync(old), "KmConfigurationTestFailed", old, service);
    }
}
#endif
