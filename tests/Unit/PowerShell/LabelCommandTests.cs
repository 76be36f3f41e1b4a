using System.Collections;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.Commands;
using KeyManager.Operations;
using KeyManager.PowerShell;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class LabelCommandTests : CmdletTests
{
    [Fact]
    public async Task Many_certificates_are_changed_through_the_pipeline_and_found_by_it()
    {
        _ = await Bench.AddAccountAsync();
        Certificate[] all = [await Bench.GetCertificateAsync("a.test"), await Bench.GetCertificateAsync("b.test"), await Bench.GetCertificateAsync("c.test")];
        AssertClean(Cmdlet<SetKmCertificateCommand>().With("AddTag", new[] { "shop; web" }).With("Owner", "Ann").Pipe(all[0], all[1]).Invoke());
        AssertClean(Cmdlet<SetKmCertificateCommand>().With("Certificate", "b.test").With("RemoveTag", new[] { "web" }).With("Owner", "").With("Group", "eu").With("Note", "n").Invoke());

        Assert.Equal("a.test b.test", Found("Tag", "shop"));
        Assert.Equal("a.test", Found("Tag", "we*"));
        Assert.Equal("b.test c.test", Found("Owner", ""));
        Assert.Equal("b.test", Found("Group", "EU"));
        AssertFails(Cmdlet<SetKmCertificateCommand>().With("Certificate", "a.test").Invoke(), "KmInvalidParameter", ErrorCategory.InvalidArgument);
        Assert.Equal(["shop", "web"], Offered(new TagCompleter()));
        Assert.Equal(["Ann"], Offered(new OwnerCompleter()));
        Assert.Equal(["eu"], Offered(new GroupCompleter()));
    }

    [Fact]
    public async Task WhatIf_changes_nothing()
    {
        _ = await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("a.test");
        CertificateOrder order = Bench.Orders().Single();
        Assert.Single(Cmdlet<SetKmCertificateCommand>().With("Certificate", "a.test").With("Owner", "Ann").With("WhatIf").Invoke().Questions);
        Assert.Single(Cmdlet<SetKmCertificateOrderCommand>().With("Order", order.Id).With("Owner", "Ann").With("WhatIf").Invoke().Questions);
        Assert.Null(Bench.Certificate(certificate.Id).Owner);
        Assert.Null(Bench.Order(order.Id).Owner);
    }

    [Fact]
    public async Task Orders_have_them_from_a_table_and_are_found_by_them()
    {
        _ = await Bench.AddAccountAsync();
        CmdletResult placed = Cmdlet<NewKmCertificateOrderCommand>().Pipe(
            Some.Row(("DomainName", "a.test"), ("Tag", "shop;web"), ("Owner", "Ann"), ("Group", ""), ("Note", "")),
            Some.Row(("DomainName", "b.test"), ("Tag", ""), ("Owner", ""), ("Group", "eu"), ("Note", "n"))).Invoke();
        AssertClean(placed);
        CertificateOrder[] orders = [.. placed.OutputOf<CertificateOrder>()];
        Assert.Equal(["shop", "web"], orders[0].Tags);
        Assert.Equal((null, "eu", "n"), (orders[1].Owner, orders[1].Group, orders[1].Note));

        Assert.Equal("a.test", Cmdlet<GetKmCertificateOrderCommand>().With("Tag", new[] { "web" }).Invoke().OutputOf<CertificateOrder>().Single().Name);
        Assert.Equal("b.test", Cmdlet<GetKmCertificateOrderCommand>().With("Owner", new[] { "" }).Invoke().OutputOf<CertificateOrder>().Single().Name);
        Assert.Equal(["web"], Cmdlet<SetKmCertificateOrderCommand>().With("Tag", new[] { "web" }).Pipe(orders[0]).Invoke().OutputOf<CertificateOrder>().Single().Tags);
        AssertFails(Cmdlet<SetKmCertificateOrderCommand>().With("Order", "nope").With("Owner", "x").Invoke(), "KmOrderNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public async Task Policies_select_by_labels_and_notice_when_they_change()
    {
        _ = await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("a.test");
        AssertClean(Cmdlet<SetKmRenewalPolicyCommand>().With("Name", "accounts").With("Account", new[] { "private" }).Invoke());
        AssertClean(Cmdlet<SetKmRenewalPolicyCommand>().With("Name", "labels").With("Tag", new[] { "sh*" }).With("Owner", new[] { "" }).With("Enabled", false).Invoke());
        RenewalPlanLine Plan() => Bench.Services.Renewals.Plan(null, false).Single();
        Assert.Equal("accounts", Plan().Policy);

        Bench.Services.Labels.SetOnCertificate(certificate.Id, new LabelChange { AddTags = ["shop"] });
        Assert.Equal(("labels", RenewalStatus.SwitchedOff), (Plan().Policy, Plan().Status));
        Bench.Services.Labels.SetOnCertificate(certificate.Id, new LabelChange { Owner = "Ann" });
        Assert.Equal("accounts", Plan().Policy);
        AssertClean(Cmdlet<SetKmRenewalPolicyCommand>().With("Name", "labels").With("Owner", System.Array.Empty<string>()).Invoke());
        Assert.Equal("labels", Plan().Policy);
    }

    private string Found(string parameter, string label) =>
        string.Join(" ", Cmdlet<GetKmCertificateCommand>().With(parameter, new[] { label }).Invoke().OutputOf<Certificate>().Select(c => c.Name));

    private string[] Offered(StoreCompleter completer)
    {
        completer.OpenServices = _ => Bench.Services;
        return [.. completer.CompleteArgument("", "", "", null!, new Hashtable()).Select(r => r.CompletionText)];
    }
}
