using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Storage;

public sealed class OrderTableTests : IDisposable
{
    private readonly TestStore _test = new();

    private IStore Store => _test.Store;

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Everything_in_an_order_comes_back()
    {
        PrivateKeyInfo key = Some.PrivateKey();
        CertificateSigningRequest csr = Some.Csr();
        Certificate renewed = Some.Certificate();
        CertificateOrder order = Some.Order("www.contoso.com", "www.contoso.com", "*.contoso.com", "bücher.example", "192.0.2.7") with
        {
            Status = OrderStatus.PendingValidation,
            AuthorityStatus = "pending",
            Origin = OrderOrigin.Imported,
            Step = OrderStep.Placed,
            ChallengeType = ChallengeType.Dns01,
            WebRootPath = "/srv/www",
            KeySpec = KeySpec.Create(KeyAlgorithm.Rsa, 4096),
            SignatureAlgorithm = SignatureHash.SHA384,
            KeyPolicy = new RenewalKeyPolicy(KeyOnRenewal.Same, 3),
            KeystoreType = KeystoreType.Jks,
            Subject = new SubjectName { CommonName = "www.contoso.com", OrganizationalUnits = ["Web", "2026-03-01T00:00:00Z"] },
            ValidityDays = 47,
            PrivateKeyId = key.Id,
            CsrId = csr.Id,
            Csr = [1, 2, 3],
            LineageId = renewed.LineageId,
            RenewsCertificateId = renewed.Id,
            RenewalNumber = 2,
            AuthorityOrderId = "https://ca.example/order/1",
            AuthorityData = """{"a":1}""",
            Challenges =
            [
                new Challenge { Id = "1", OrderId = "x", DomainName = DomainName.Parse("contoso.com"), Type = ChallengeType.Http01, Status = ChallengeStatus.Valid, Token = "t" },
            ],
            ErrorId = "KmOrderFailed",
            ErrorDetail = "no",
            CreatedAt = Some.Moment.AddTicks(1234567),
            ExpiresAt = Some.Moment.AddDays(7),
        };

        Store.Write(s =>
        {
            s.Certificates.Add(renewed, []);
            s.PrivateKeys.Add(key);
            s.Csrs.Add(csr);
            s.Orders.Add(order);
        });

        Assert.Equivalent(order, Store.Read(s => s.Orders.Find(order.Id)), strict: true);
    }

    [Fact]
    public void An_update_replaces_the_order_and_its_names()
    {
        CertificateOrder order = Some.Order("a.example", "a.example", "b.example");
        Store.Write(s => s.Orders.Add(order));

        CertificateOrder changed = order with { Status = OrderStatus.Processing, DomainNames = [DomainName.Parse("c.example")], UpdatedAt = Some.Moment.AddHours(1) };
        Store.Write(s => s.Orders.Update(changed));

        Assert.Equivalent(changed, Store.Read(s => s.Orders.Find(order.Id)), strict: true);
        Assert.Empty(Ids(new OrderQuery { DomainName = "a.example" }));
        Assert.Equal([order.Id], Ids(new OrderQuery { DomainName = "C.example." }));
    }

    [Fact]
    public void Updating_an_order_that_was_removed_says_so()
    {
        CertificateOrder order = Some.Order();

        NotFoundException e = Assert.Throws<NotFoundException>(() => Store.Write(s => s.Orders.Update(order)));

        Assert.Equal(ErrorIds.OrderNotFound, e.ErrorId);
    }

    [Fact]
    public void Removing_an_order_leaves_its_certificate()
    {
        CertificateOrder order = Some.Order();
        Certificate certificate = Some.Certificate() with { OrderId = order.Id };
        Store.Write(s =>
        {
            s.Orders.Add(order);
            s.Certificates.Add(certificate, []);
        });

        Assert.True(Store.Write(s => s.Orders.Remove(order.Id)));
        Assert.False(Store.Write(s => s.Orders.Remove(order.Id)));
        Assert.Null(Store.Read(s => s.Orders.Find(order.Id)));
        Assert.Null(Store.Read(s => s.Certificates.Find(certificate.Id))!.OrderId);
    }

    [Fact]
    public void Orders_are_found_by_every_condition()
    {
        Certificate certificate = Some.Certificate();
        CertificateOrder first = Some.Order("Alpha.example") with { Status = OrderStatus.Saved, AccountId = "a1", CreatedAt = Some.Moment };
        CertificateOrder second = Some.Order("beta.example") with
        {
            Status = OrderStatus.Draft, AccountId = "a2", CreatedAt = Some.Moment.AddDays(1), LineageId = certificate.LineageId, RenewsCertificateId = certificate.Id,
        };
        Store.Write(s =>
        {
            s.Certificates.Add(certificate, []);
            s.Orders.Add(first);
            s.Orders.Add(second);
        });

        Assert.Equal([second.Id, first.Id], Ids(new OrderQuery()));
        Assert.Equal([first.Id], Ids(new OrderQuery { Name = "ALPHA.example" }));
        Assert.Equal([second.Id, first.Id], Ids(new OrderQuery { Name = "*.Example" }));
        Assert.Equal([second.Id], Ids(new OrderQuery { Name = "bet?.ex*" }));
        Assert.Equal([second.Id], Ids(new OrderQuery { Status = [OrderStatus.Draft, OrderStatus.Failed] }));
        Assert.Equal([first.Id], Ids(new OrderQuery { AccountId = "a1" }));
        Assert.Equal([second.Id], Ids(new OrderQuery { LineageId = certificate.LineageId }));
        Assert.Equal([second.Id], Ids(new OrderQuery { RenewsCertificateId = certificate.Id }));
        Assert.Empty(Ids(new OrderQuery { AccountId = "a1", Status = [OrderStatus.Draft] }));
    }

    [Fact]
    public void Open_orders_are_those_that_say_so_themselves()
    {
        List<CertificateOrder> orders = [.. Enum.GetValues(typeof(OrderStatus)).Cast<OrderStatus>().Select(status => Some.Order() with { Status = status })];
        Store.Write(s => orders.ForEach(s.Orders.Add));
        Assert.Equal(orders.Where(o => o.IsOpen).Select(o => o.Id).OrderBy(id => id), Ids(new OrderQuery { IsOpen = true }).OrderBy(id => id));
        Assert.Equal(orders.Where(o => !o.IsOpen).Select(o => o.Id).OrderBy(id => id), Ids(new OrderQuery { IsOpen = false }).OrderBy(id => id));
    }

    [Fact]
    public void Pages_hold_every_order_once_although_some_are_added_and_removed_in_between()
    {
        // All of the same moment, so that the identifier decides.
        List<CertificateOrder> orders = [.. Enumerable.Range(0, 25).Select(_ => Some.Order())];
        Store.Write(s => orders.ForEach(s.Orders.Add));
        string[] expected = [.. orders.Select(o => o.Id).OrderByDescending(id => id, StringComparer.Ordinal)];

        List<string> seen = [];
        string? after = null;
        do
        {
            Page<CertificateOrder> page = Store.Read(s => s.Orders.Query(new OrderQuery(), after, 10));
            seen.AddRange(page.Items.Select(o => o.Id));
            after = page.Next;
            Store.Write(s =>
            {
                s.Orders.Remove(expected[0]);
                s.Orders.Add(Some.Order() with { CreatedAt = Some.Moment.AddDays(1) });
            });
        }
        while (after is not null);

        Assert.Equal(expected, seen);
    }

    [Fact]
    public void A_page_that_is_exactly_full_is_the_last()
    {
        Store.Write(s =>
        {
            s.Orders.Add(Some.Order());
            s.Orders.Add(Some.Order());
        });

        Assert.Null(Store.Read(s => s.Orders.Query(new OrderQuery(), null, 2)).Next);
        Assert.NotNull(Store.Read(s => s.Orders.Query(new OrderQuery(), null, 1)).Next);
        Assert.Throws<ArgumentException>(() => Store.Read(s => s.Orders.Query(new OrderQuery(), "nonsense", 1)));
    }

    [Fact]
    public void An_order_written_by_another_version_is_still_read()
    {
        CertificateOrder order = Some.Order();
        Store.Write(s => s.Orders.Add(order));

        _test.Meddle("UPDATE orders SET status = 'Teleported', document = '{\"domainNames\":[\"a.example\"],\"Flavour\":{\"sweet\":true},\"Authority\":\"X\",\"Account\":\"y\"}'");

        CertificateOrder read = Store.Read(s => s.Orders.Find(order.Id))!;
        Assert.Equal(OrderStatus.Unknown, read.Status);
        Assert.Equal("X", read.Authority);
        Assert.Empty(read.Challenges);
        Assert.Equal(new RenewalKeyPolicy(), read.KeyPolicy);
    }

    private string[] Ids(OrderQuery query) => [.. Store.Read(s => s.Orders.Query(query, null, 100)).Items.Select(o => o.Id)];
}
