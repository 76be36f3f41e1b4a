using System;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class LabelTests : OperationTests
{
    [Fact]
    public async Task What_an_order_is_for_is_handed_on_to_its_certificate_and_to_renewals()
    {
        _ = await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync(Request("www.test") with { Labels = new LabelChange { AddTags = ["shop", "Web"], Owner = " Ann ", Group = "shop/eu", Note = "a\r\nb" } });
        Assert.Equal("shop Web|Ann|shop/eu|a\nb", Text(certificate.Labels));

        CertificateOrder renewal = await Bench.RenewAsync(certificate);
        Assert.Equal(Text(certificate.Labels), Text(renewal.Labels));
        Assert.Equal(Text(certificate.Labels), Text(Bench.Certificate(renewal.CertificateId!).Labels));
    }

    [Fact]
    public async Task A_renewal_that_was_begun_does_not_turn_back_what_was_changed_meanwhile()
    {
        _ = await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync(Request("www.test") with { Labels = new LabelChange { AddTags = ["old"], Owner = "Ann" } });
        CertificateOrder renewal = await Bench.RenewAsync(certificate, save: false);
        Bench.Services.Labels.SetOnCertificate(certificate.Id, new LabelChange { RemoveTags = ["o*"], AddTags = ["new"], Owner = "" });
        Certificate saved = Bench.Services.SaveCertificate.Run(renewal.Id, Bench.Reporter);
        Assert.Equal("new|||", Text(saved.Labels));
        Assert.Equal("-old, +new, owner: Ann -> (none)", Bench.Audit().Single(a => a.Action == "CertificateLabelled").Detail);
        Assert.Equal("old|Ann||", Text(Bench.Order(renewal.Id).Labels));
    }

    [Fact]
    public async Task Another_order_for_an_entry_adds_to_what_is_there()
    {
        _ = await Bench.AddAccountAsync();
        _ = await Bench.GetCertificateAsync(Request("www.test") with { Labels = new LabelChange { AddTags = ["a"], Owner = "Ann", Note = "stays" } });
        Certificate second = await Bench.GetCertificateAsync(Request("www.test", "more.test") with { Labels = new LabelChange { AddTags = ["b"], Owner = "Bob" } });
        Assert.Equal((2, "a b|Bob||stays"), (second.Version, Text(second.Labels)));
        Assert.Equal("a b|Bob||stays", Text(Assert.Single(Bench.Listed()).Labels));
    }

    [Fact]
    public async Task Labels_of_an_order_that_waits_can_be_changed_and_reach_its_certificate()
    {
        _ = await Bench.AddAccountAsync();
        CertificateOrder order = await Bench.PlaceAsync("www.test");
        Bench.Services.Labels.SetOnOrder(order.Id, new LabelChange { Tags = ["x"] });
        _ = await Bench.PlaceAsync(Request("www.test") with { Labels = new LabelChange { Owner = "Ann" } }); // the same one, taken up
        CertificateOrder done = await Bench.CompleteAsync(Bench.Order(order.Id));
        Assert.Equal("x|Ann||", Text(Bench.Certificate(done.CertificateId!).Labels));
        Assert.True(WasAudited("OrderLabelled", order.Id));
    }

    [Fact]
    public void An_import_says_whose_it_is_and_says_so_again_of_what_is_there()
    {
        byte[] der = TestPki.Entry("web").Certificates[0];
        Certificate first = Bench.Services.ImportCertificate.Run(der, null, "x.cer", null, new LabelChange { AddTags = ["a"], Owner = "Ann" }).Single();
        Certificate again = Bench.Services.ImportCertificate.Run(der, null, "x.cer", null, new LabelChange { AddTags = ["b"] }).Single();
        Assert.Equal(first.Id, again.Id);
        Assert.Equal("a b|Ann||", Text(again.Labels));
        Assert.Equal("a b|Ann||", Text(Bench.Services.ImportCertificate.Run(der, null, "x.cer", null).Single().Labels));
    }

    [Theory]
    [InlineData("a,b", "separate")]
    [InlineData("a;b", "separate")]
    [InlineData("a*", "wildcard")]
    [InlineData(" ", "empty")]
    [InlineData("a\u200Bb", "cannot be seen")]
    [InlineData("a\u202Eb", "cannot be seen")]
    [InlineData("a\nb", "cannot be seen")]
    public async Task A_tag_that_could_not_be_found_again_is_refused(string tag, string why)
    {
        _ = await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.test");
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, why, () => Bench.Services.Labels.SetOnCertificate(certificate.Id, new LabelChange { AddTags = [tag] }));
        await RefusesAsync<InvalidRequestException>(ErrorIds.InvalidParameter, why, () => Bench.PlaceAsync(Request("other.test") with { Labels = new LabelChange { AddTags = [tag] } }));
    }

    [Fact]
    public async Task Too_much_is_refused_with_the_limit()
    {
        _ = await Bench.AddAccountAsync();
        string id = (await Bench.GetCertificateAsync("www.test")).Id;
        void Refused(string limit, LabelChange change) =>
            Assert.Contains(limit, Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "", () => Bench.Services.Labels.SetOnCertificate(id, change)).Remedy, StringComparison.Ordinal);
        Refused("100", new LabelChange { AddTags = [new string('x', 101)] });
        Refused("200", new LabelChange { Owner = new string('x', 201) });
        Refused("200", new LabelChange { Group = new string('x', 201) });
        Refused("4000", new LabelChange { Note = new string('x', 4001) });
        Refused("50", new LabelChange { AddTags = [.. Enumerable.Range(0, 51).Select(i => $"t{i}")] });
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "wildcards", () => LabelFilter.Create(["[ab]*"], [], []));
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "empty", () => LabelFilter.Create([""], [], []));
    }

    [Fact]
    public async Task What_changes_nothing_is_not_audited()
    {
        _ = await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync(Request("www.test") with { Labels = new LabelChange { AddTags = ["a"] } });
        int before = Count("audit_log");
        Bench.Services.Labels.SetOnCertificate(certificate.Id, new LabelChange { AddTags = ["A", "a"], RemoveTags = ["nothing"], Owner = "" });
        Assert.Equal(before, Count("audit_log"));
        Fails<NotFoundException>(ErrorIds.CertificateNotFound, "nope", () => Bench.Services.Labels.SetOnCertificate("nope", LabelChange.None));
        Fails<NotFoundException>(ErrorIds.OrderNotFound, "nope", () => Bench.Services.Labels.SetOnOrder("nope", LabelChange.None));
    }

    private static string Text(Labels labels) => $"{string.Join(" ", labels.Tags)}|{labels.Owner}|{labels.Group}|{labels.Note}";
}
