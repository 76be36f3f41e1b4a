using System.Collections;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.PowerShell;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class CompleterTests : CmdletTests
{
    [Fact]
    public async Task Orders_and_keys_are_offered_by_name_and_by_id()
    {
        _ = await Bench.AddAccountAsync();
        CertificateOrder order = await Bench.PlaceAsync("www.test");

        Assert.Equal(new[] { order.Id, "www.test" }.OrderBy(t => t), Offered(new OrderCompleter()).OrderBy(t => t));
        Assert.Equal(new[] { order.PrivateKeyId!, "www.test" }.OrderBy(t => t), Offered(new PrivateKeyCompleter()).OrderBy(t => t));
    }

    [Fact]
    public async Task Domain_names_come_from_certificates_and_open_orders()
    {
        _ = await Bench.AddAccountAsync();
        _ = await Bench.GetCertificateAsync("have.test", "also.test");
        _ = await Bench.PlaceAsync("want.test");

        Assert.Equal(["also.test", "have.test", "want.test"], Offered(new DomainNameCompleter()));
    }

    [Fact]
    public void Values_of_a_setting_and_areas_of_the_audit_trail_need_no_store()
    {
        Assert.Equal(["Ecdsa", "Ed25519", "Rsa"], Offered(new SettingValueCompleter(), ("Name", "DefaultKeyAlgorithm")));
        Assert.Empty(Offered(new SettingValueCompleter(), ("Name", "DefaultKeyLength")));
        Assert.Contains("Certificate", Offered(new AuditCategoryCompleter()));
    }

    private string[] Offered(StoreCompleter completer, params (string Name, object Value)[] bound)
    {
        Hashtable parameters = [];
        foreach ((string name, object value) in bound)
        {
            parameters[name] = value;
        }

        _ = Bench.Services;
        completer.OpenServices = _ => Bench.Services;
        return [.. completer.CompleteArgument("", "", "", null!, parameters).Select(r => r.CompletionText)];
    }
}
