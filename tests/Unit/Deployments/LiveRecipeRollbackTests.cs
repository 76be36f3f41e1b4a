#if NET // the services are those of Debian, where .NET Framework is not at home
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>The way back of every recipe on its service.</summary>
public sealed class LiveRecipeRollbackTests : LiveRecipeBase
{
    [Theory]
    [MemberData(nameof(Proved))]
    public async Task What_the_service_does_not_take_and_a_reload_that_fails_are_rolled_back_and_the_old_is_served(string recipe)
    {
        LiveService service = Start(recipe);
        Dictionary<string, string> settings = service.Settings;
        Bench.Add("web", "Local", settings);
        Certificate old = await Bench.GetCertificateAsync();
        await DeployedAsync(old, service);
        Certificate renewed = await Bench.RenewAsync(old);

        Bench.Change("web", ("ReloadCommand", $"mkdir '{Path.Combine(service.Folder, "failed")}' && exit 3; {service.Reload}")); // once
        await RolledBackAsync(renewed, "KmReloadFailed", old, service);

        Bench.Change("web", [("ReloadCommand", service.Reload), ("ProofSeconds", "1"), .. service.Unfit]);
        await RolledBackAsync(renewed, service.UnfitErrorId, old, service);

        Bench.Change("web", [("ProofSeconds", "10"), .. service.Unfit.Select(u => (u.Name, settings.GetValueOrDefault(u.Name, "")))]); // as it was
        await DeployedAsync(renewed, service);
    }
}
#endif
