using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support.Acme;
using Newtonsoft.Json.Linq;
using Xunit;

namespace KeyManager.Tests.Acme;

/// <summary>The directory is stored with the account, so that a process need not begin with it; and read again when it is old, or no longer true.</summary>
public sealed class AcmeDirectoryTests : AcmeTests
{
    [Fact]
    public async Task A_process_begins_without_asking_for_the_directory_of_an_established_account()
    {
        await Acme.AddAccountAsync();
        int before = Acme.Server.CountOf(AcmeResource.Any);
        int directories = Acme.Server.CountOf(AcmeResource.Directory);
        await OrderAsync(Acme.NewProcess(), "www.contoso.com");
        Assert.Equal(7, Acme.Server.CountOf(AcmeResource.Any) - before); // nonce, order, authorization, challenge, order, finalize, certificate
        Assert.Equal(directories, Acme.Server.CountOf(AcmeResource.Directory));
    }

    [Fact]
    public async Task It_costs_no_order_a_write()
    {
        await Acme.AddAccountAsync();
        string? stored = Data();
        await OrderAsync(Acme.Services, "a.contoso.com");
        int first = Acme.Bench.Store.Writes;
        await OrderAsync(Acme.Services, "b.contoso.com");
        int second = Acme.Bench.Store.Writes - first;
        await OrderAsync(Acme.Services, "c.contoso.com");
        Assert.Equal(second, Acme.Bench.Store.Writes - first - second);
        Assert.Equal(stored, Data());
    }

    [Fact]
    public async Task An_account_from_before_gets_it_with_its_next_order()
    {
        await Acme.AddAccountAsync();
        Change(_ => null);
        await OrderAsync(Acme.NewProcess(), "www.contoso.com");
        Assert.Contains(Acme.Server.Directory.AbsoluteUri, Data(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"DirectoryUrl":"https://elsewhere.example/dir","Directory":{"newOrder":"https://elsewhere.example/order"},"ReadAt":"2026-01-01T00:00:00Z"}""")]
    public async Task What_is_stored_and_is_no_directory_of_this_server_is_not_used(string data)
    {
        await Acme.AddAccountAsync();
        Change(_ => data);
        await OrderAsync(Acme.NewProcess(), "www.contoso.com");
        Assert.Contains(Acme.Server.Directory.AbsoluteUri, Data(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 0)]
    [InlineData(8, 1)]
    public async Task After_seven_days_it_is_read_again(int days, int times)
    {
        await Acme.AddAccountAsync();
        int directories = Acme.Server.CountOf(AcmeResource.Directory);
        Acme.Bench.Clock.Advance(TimeSpan.FromDays(days));
        await OrderAsync(Acme.NewProcess(), "a.contoso.com");
        await OrderAsync(Acme.NewProcess(), "b.contoso.com");
        Assert.Equal(times, Acme.Server.CountOf(AcmeResource.Directory) - directories);
    }

    [Theory]
    [InlineData("newNonce")]
    [InlineData("newOrder")]
    public async Task A_resource_that_has_moved_to_another_path_is_found_again(string resource)
    {
        using StrictAcmeServer former = new(Acme.Bench.Clock);
        await Acme.AddAccountAsync();
        Change(data => Move(data, resource, former.Directory + "/gone")); // 404
        Acme.Bench.Clock.Advance(TimeSpan.FromHours(1));
        await OrderAsync(Acme.NewProcess(), "www.contoso.com");
        Assert.Single(Acme.Server.Orders);
        Assert.DoesNotContain("/gone", Data(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("newNonce")]
    [InlineData("newOrder")]
    public async Task A_resource_whose_server_is_gone_is_found_again(string resource)
    {
        Uri former;
        using (StrictAcmeServer server = new(Acme.Bench.Clock))
        {
            former = server.Directory;
        }

        await Acme.AddAccountAsync();
        Change(data => Move(data, resource, former.AbsoluteUri));
        await OrderAsync(Acme.NewProcess(), "www.contoso.com");
        Assert.Single(Acme.Server.Orders);
    }

    [Fact]
    public async Task A_resource_that_the_stored_directory_lacks_is_looked_for_again()
    {
        await Acme.AddAccountAsync();
        Change(data => Move(data, "newOrder", null));
        await OrderAsync(Acme.NewProcess(), "www.contoso.com");
        Assert.Single(Acme.Server.Orders);
    }

    [Fact]
    public async Task A_server_that_does_not_have_it_either_way_is_asked_for_the_directory_once()
    {
        await Acme.AddAccountAsync();
        int directories = Acme.Server.CountOf(AcmeResource.Directory);
        Acme.Server.Faults.FailNext(AcmeResource.NewOrder, 2, 404, "malformed");
        KeyManagerServices next = Acme.NewProcess();
        await Assert.ThrowsAsync<AuthorityException>(() => OrderAsync(next, "www.contoso.com"));
        await Assert.ThrowsAsync<AuthorityException>(() => OrderAsync(next, "mail.contoso.com"));
        Assert.Equal(1, Acme.Server.CountOf(AcmeResource.Directory) - directories);
    }

    [Fact]
    public async Task A_session_that_lasts_reads_it_again_too_when_something_is_gone()
    {
        await Acme.AddAccountAsync();
        int directories = Acme.Server.CountOf(AcmeResource.Directory);
        Acme.Server.Faults.FailNext(AcmeResource.NewOrder, 2, 404, "malformed");
        await Assert.ThrowsAsync<AuthorityException>(() => OrderAsync(Acme.Services, "a.contoso.com"));
        Assert.Equal(directories, Acme.Server.CountOf(AcmeResource.Directory)); // read a moment ago
        Acme.Bench.Clock.Advance(TimeSpan.FromHours(2));
        await Assert.ThrowsAsync<AuthorityException>(() => OrderAsync(Acme.Services, "b.contoso.com"));
        Assert.Equal(directories + 1, Acme.Server.CountOf(AcmeResource.Directory));
    }

    [Fact]
    public async Task A_wrong_clock_is_noticed_without_reading_it()
    {
        await Acme.AddAccountAsync();
        Acme.Server.Oddities.DateSkew = TimeSpan.FromHours(-3);
        await OrderAsync(Acme.NewProcess(), "www.contoso.com");
        Assert.Contains(Acme.Bench.Reporter.Warnings, w => w.Contains("180 minutes ahead", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_way_to_the_server_drops_it()
    {
        AuthorityAccount account = await Acme.AddAccountAsync();
        Assert.NotNull(Data());
        await Acme.Services.ChangeAccount.UpdateAsync(
            account.Id, null, null, new Dictionary<string, string> { ["Proxy"] = "http://127.0.0.1:9" }, false, Acme.Bench.Reporter, CancellationToken.None);
        Assert.Null(Data());
    }

    private static string Move(string? data, string resource, string? to)
    {
        JObject json = JObject.Parse(data!); // the account has one
        json["Directory"]![resource] = to;
        return json.ToString();
    }

    private string? Data() => Acme.Bench.Store.Read(s => s.Accounts.List()).Single().AuthorityData;

    private void Change(Func<string?, string?> change) => Acme.Bench.Store.Write(s =>
    {
        AuthorityAccount account = s.Accounts.List().Single();
        s.Accounts.Update(account with { AuthorityData = change(account.AuthorityData) });
    });

    private async Task OrderAsync(KeyManagerServices services, string name)
    {
        CertificateOrder order = await services.PlaceOrder.RunAsync(AcmeBench.For(name), Acme.Bench.Reporter, CancellationToken.None);
        await services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions(), Acme.Bench.Reporter, CancellationToken.None);
    }
}
