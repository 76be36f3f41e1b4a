using System;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class ChangeOrderTests : OperationTests
{
    [Fact]
    public async Task Wishes_are_set_and_taken_back_and_looked_at_by_the_next_sweep()
    {
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.test");
        StoreExtensions.Write(Bench.Store, s => s.Renewals.Put(new RenewalState { LineageId = certificate.LineageId, NextLook = Bench.Clock.UtcNow.AddDays(30) }));
        CertificateOrder changed = Bench.Services.ChangeOrder.Run(certificate.OrderId!, new OrderChange { ChangesAutoRenew = true, AutoRenew = false, ChangesDaysBeforeExpiry = true, DaysBeforeExpiry = 20 });
        Assert.Equal((false, 20), (changed.AutoRenew, changed.DaysBeforeExpiry));
        Assert.Equal(default, Bench.Store.Read(s => s.Renewals.Find(certificate.LineageId))!.NextLook);
        Assert.Equal(changed.AutoRenew, Bench.Store.Read(s => s.Orders.Find(changed.Id))!.AutoRenew);
        Assert.Contains("renewed by itself: (none) -> False", Bench.Audit().Last(a => a.Action == "OrderChanged").Detail, StringComparison.Ordinal);

        CertificateOrder back = Bench.Services.ChangeOrder.Run(changed.Id, new OrderChange { ChangesAutoRenew = true });
        Assert.Equal((null, 20), (back.AutoRenew, back.DaysBeforeExpiry));
    }

    [Fact]
    public async Task One_way_to_publish_takes_the_place_of_the_other()
    {
        Bench.AddScripted(Bench.Able);
        Certificate certificate = await Bench.GetCertificateAsync(new OrderRequest { DomainNames = Names("www.test"), ChallengeType = ChallengeType.Dns01, ChallengeScript = "/opt/dns.ps1" });
        CertificateOrder order = Bench.Services.ChangeOrder.Run(certificate.OrderId!, new OrderChange { WebRootPath = "/var/www" });
        Assert.Equal(("/var/www", null, ChallengeType.Http01), (order.WebRootPath, order.ChallengeScript, order.ChallengeType));
        order = Bench.Services.ChangeOrder.Run(order.Id, new OrderChange { ListenAddress = "*:80" });
        Assert.Equal((null, "*:80", ChallengeType.Http01), (order.WebRootPath, order.ListenAddress, order.ChallengeType));
        order = Bench.Services.ChangeOrder.Run(order.Id, new OrderChange { DnsAccount = "" });
        Assert.Equal((null, null, ChallengeType.Dns01), (order.ListenAddress, order.DnsAccount, order.ChallengeType));
        order = Bench.Services.ChangeOrder.Run(order.Id, new OrderChange { ChallengeType = ChallengeType.Http01 });
        Assert.Equal(ChallengeType.Http01, order.ChallengeType);

        CertificateOrder next = Bench.Services.RenewCertificate.Preview(certificate.Id, RenewalChanges.None);
        Assert.Equal((ChallengeType.Http01, null), (next.ChallengeType, next.ChallengeScript));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_and_changes_nothing()
    {
        Bench.AddScripted(Bench.Able);
        Certificate certificate = await Bench.GetCertificateAsync(new OrderRequest { DomainNames = Names("www.test") });
        string id = certificate.OrderId!;
        Refuses<InvalidRequestException>(ErrorIds.AuthorityCannot, "TlsAlpn01", () => Bench.Services.ChangeOrder.Run(id, new OrderChange { ChallengeType = ChallengeType.TlsAlpn01 }));
        Refuses<NotFoundException>(ErrorIds.DnsAccountNotFound, "nix", () => Bench.Services.ChangeOrder.Run(id, new OrderChange { DnsAccount = "nix" }));
        Refuses<NotFoundException>(ErrorIds.DeployTargetNotFound, "nix", () => Bench.Services.ChangeOrder.Run(id, new OrderChange { DeployTargets = ["nix"] }));
        CertificateOrder order = Bench.Store.Read(s => s.Orders.Find(id))!;
        StoreExtensions.Write(Bench.Store, s => s.Orders.Update(order with { Challenges = [.. AbleAuthority.Pending(order).Challenges!.Select(c => c with { PublishedBy = "WebRoot" })] }));
        Refuses<ConflictException>(ErrorIds.ChallengeStillPublished, "www.test", () => Bench.Services.ChangeOrder.Run(id, new OrderChange { ListenAddress = "*:80" }));
        Assert.Equal(30, Bench.Services.ChangeOrder.Run(id, new OrderChange { ChangesDaysBeforeExpiry = true, DaysBeforeExpiry = 30 }).DaysBeforeExpiry);
    }
}
