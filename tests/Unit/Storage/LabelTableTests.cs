using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Providers.Storage;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Storage;

public sealed class LabelTableTests : IDisposable
{
    private readonly TestStore _test = new();

    private SqliteStore Store => _test.Store;

    public static TheoryData<string[], string[], string[]> Filters => new()
    {
        { ["red"], [], [] },
        { ["RED", "blue"], [], [] },
        { ["r*"], [], [] },
        { ["*"], [], [] },
        { ["none"], [], [] },
        { [], ["ann"], [] },
        { [], [""], [] },
        { [], ["", "bob"], [] },
        { [], ["*n*", "BOB"], [] },
        { [], [], ["shop/*"] },
        { [], [], ["shop/eu", ""] },
        { ["blue"], ["ann", "bob"], ["shop/eu"] },
        { ["r*", "ä*"], [""], ["*"] },
    };

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Labels_belong_to_the_entry_and_an_update_of_a_version_leaves_them()
    {
        Certificate first = Some.Certificate() with { Tags = ["Red"], Owner = "Ann", Group = "shop", Note = "two\nlines" };
        Store.Write(s => s.Certificates.Add(first, []));
        Certificate second = Some.Certificate(first.Name, first.LineageId, 2) with { Tags = ["ignored"] };
        Store.Write(s => s.Certificates.Add(second, []));

        Store.Write(s => s.Labels.SetEntry(first.LineageId, new Labels { Tags = ["Blue", "red"], Owner = "Bob" }));
        Store.Write(s => s.Certificates.Update(second with { Owner = "nobody", KeyDescription = "RSA 2048" }));

        Certificate read = Store.Read(s => s.Certificates.Find(second.Id))!;
        Assert.Equal(("RSA 2048", "Bob", null, null), (read.KeyDescription, read.Owner, read.Group, read.Note));
        Assert.Equal(["Blue", "red"], read.Tags);
        Assert.Equal(read.Tags, Store.Read(s => s.Certificates.Find(first.Id))!.Tags);
        Assert.Equal(["Blue", "red"], Store.Read(s => s.Labels.List(LabelKind.Tag, 10)));
        Assert.Equal(["Bob"], Store.Read(s => s.Labels.List(LabelKind.Owner, 10)));
        Assert.Empty(Store.Read(s => s.Labels.List(LabelKind.Group, 10)));
        Assert.Same(Labels.None, Store.Read(s => s.Labels.OfEntry("nothing")));

        Store.Write(s => s.Certificates.Remove(first.Id));
        Store.Write(s => s.Certificates.Remove(second.Id));
        Assert.Empty(Store.Read(s => s.Labels.List(LabelKind.Tag, 10)));
        Assert.Empty(Store.CheckIntegrity());
    }

    [Fact]
    public void The_engine_looks_again_at_an_entry_whose_labels_change()
    {
        Certificate certificate = Some.Certificate();
        Store.Write(s =>
        {
            s.Certificates.Add(certificate, []);
            s.Renewals.Put(new RenewalState { LineageId = certificate.LineageId, NextLook = Some.Moment.AddDays(9) });
        });
        Assert.Empty(Store.Read(s => s.Renewals.FindToLookAt(Some.Moment)));
        Store.Write(s => s.Labels.SetEntry(certificate.LineageId, new Labels { Owner = "Ann" }));
        Assert.Equal([certificate.Id], Store.Read(s => s.Renewals.FindToLookAt(Some.Moment)));
    }

    [Fact]
    public void An_update_of_an_order_leaves_its_labels_too()
    {
        CertificateOrder order = Some.Order() with { Tags = ["Red"], Owner = "Ann" };
        Store.Write(s => s.Orders.Add(order));
        Store.Write(s => s.Labels.SetOrder(order.Id, new Labels { Tags = ["Blue"], Group = "shop" }));
        Store.Write(s => s.Orders.Update(order with { Status = OrderStatus.Processing }));

        CertificateOrder read = Store.Read(s => s.Orders.Find(order.Id))!;
        Assert.Equal((OrderStatus.Processing, null, "shop"), (read.Status, read.Owner, read.Group));
        Assert.Equal(["Blue"], read.Tags);
        Assert.DoesNotContain("Red", Store.ReadDatabase(d => d.Text("SELECT document FROM orders")));
        Assert.True(Store.Write(s => s.Orders.Remove(order.Id)));
        Assert.Equal(0, Store.ReadDatabase(d => d.Number("SELECT COUNT(*) FROM order_tags")));
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_search_finds_what_the_filter_fits_in_the_order_of_the_list(string[] tags, string[] owners, string[] groups)
    {
        LabelFilter filter = LabelFilter.Create(tags, owners, groups);
        List<Certificate> all = [];
        List<CertificateOrder> orders = [];
        Random random = new(7);
        string?[] Pick(params string?[] from) => from;
        for (int i = 0; i < 60; i++)
        {
            string name = FormattableString.Invariant($"host{random.Next(1000):000}-{i}.example");
            Labels labels = new()
            {
                Tags = [.. new[] { "Red", "blue", "Ärger" }.Where(_ => random.Next(3) == 0)],
                Owner = Pick("Ann", "bob", "Anna", null)[random.Next(4)],
                Group = Pick("shop/eu", "shop/us", "office", null)[random.Next(4)],
            };
            all.Add(Some.Certificate(name, notAfter: Some.Moment.AddDays(random.Next(5, 400))) with { Tags = labels.Tags, Owner = labels.Owner, Group = labels.Group });
            orders.Add(Some.Order(name) with { Tags = labels.Tags, Owner = labels.Owner, Group = labels.Group, CreatedAt = Some.Moment.AddMinutes(random.Next(1000)) });
        }

        Store.Write(s =>
        {
            all.ForEach(c => s.Certificates.Add(c, []));
            orders.ForEach(s.Orders.Add);
        });

        IEnumerable<Certificate> fitting = all.Where(c => filter.Fits(new Labels { Tags = c.Tags, Owner = c.Owner, Group = c.Group }));
        Assert.Equal(fitting.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => c.Id), Read(new CertificateQuery { Labels = filter }));
        Assert.Equal(fitting.OrderBy(c => c.NotAfter).ThenBy(c => c.Id, StringComparer.Ordinal).Select(c => c.Id), Read(new CertificateQuery { Labels = filter, SoonestExpiryFirst = true }));
        Assert.Equal(
            fitting.Where(c => c.Name.StartsWith("host1", StringComparison.Ordinal) && c.NotAfter <= Some.Moment.AddDays(200)).Select(c => c.Id).Order(),
            Read(new CertificateQuery { Labels = filter, Name = "host1*", ExpiresBefore = Some.Moment.AddDays(200), Status = [CertificateStatus.Valid] }).Order());
        Assert.Equal(
            orders.Where(o => filter.Fits(new Labels { Tags = o.Tags, Owner = o.Owner, Group = o.Group })).OrderByDescending(o => o.CreatedAt).ThenByDescending(o => o.Id, StringComparer.Ordinal).Select(o => o.Id),
            Pages(after => Store.Read(s => s.Orders.Query(new OrderQuery { Labels = filter }, after, 7))).Select(o => o.Id));
    }

    [Fact]
    public void A_label_on_nearly_everything_and_one_on_a_single_entry_are_both_found()
    {
        const int count = 10_500;
        Store.Write(s =>
        {
            for (int i = 0; i < count; i++)
            {
                Certificate certificate = Some.Certificate(FormattableString.Invariant($"h{i:00000}.example"), notAfter: Some.Moment.AddDays(1).AddMinutes(count - i));
                s.Certificates.Add(certificate with { Tags = i == 9000 ? ["all", "one"] : ["all"], Owner = i % 2 == 0 ? "even" : null, Group = "g" }, []);
            }
        });

        string Names(CertificateQuery query) => string.Join(" ", Store.Read(s => s.Certificates.Query(query, null, 2)).Items.Select(c => c.Name));
        Assert.Equal("h00000.example h00001.example", Names(new CertificateQuery { Labels = new() { Tags = ["all"] } }));
        Assert.Equal("h10499.example h10498.example", Names(new CertificateQuery { Labels = new() { Tags = ["all"] }, SoonestExpiryFirst = true }));
        Assert.Equal("h10499.example h10497.example", Names(new CertificateQuery { Labels = new() { Tags = ["all", "x*"], Owners = [""], Groups = ["G"] }, SoonestExpiryFirst = true }));
        Assert.Equal("h00000.example h00002.example", Names(new CertificateQuery { Labels = new() { Tags = ["a*", "one"], Owners = ["even"], Groups = ["g", "x"] } }));
        Assert.Equal("h09000.example", Names(new CertificateQuery { Labels = new() { Tags = ["one"], Owners = ["even"] }, SoonestExpiryFirst = true }));
        Assert.Equal("", Names(new CertificateQuery { Labels = new() { Tags = ["one"], Owners = [""] } }));
    }

    private List<string> Read(CertificateQuery query) => [.. Pages(after => Store.Read(s => s.Certificates.Query(query, after, 7))).Select(c => c.Id)];

    private static List<T> Pages<T>(Func<string?, Page<T>> read)
    {
        List<T> all = [];
        string? after = null;
        do
        {
            Page<T> page = read(after);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }
}
