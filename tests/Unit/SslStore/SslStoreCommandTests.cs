using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Threading.Tasks;
using KeyManager.Commands;
using KeyManager.PowerShell;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.SslStore;
using Xunit;

namespace KeyManager.Tests.SslStore;

/// <summary>The cmdlets over the strict fake.</summary>
public sealed class SslStoreCommandTests : SslStoreTests
{
    [Fact]
    public void An_account_is_made_with_code_and_token_and_gets_another_token()
    {
        CmdletResult result = Cmdlet<NewKmAccountCommand>().With("Name", "store1").With("Authority", "SslStore").With("PartnerCode", " 12345678 ")
            .With("AuthToken", Secret(SslStoreServer.Token)).With("BaseUrl", Store.Server.Url).Invoke();
        AuthorityAccount account = Assert.Single(result.OutputOf<AuthorityAccount>());
        Assert.Equal(("SslStore", AccountStatus.Valid), (account.Authority, account.Status));
        Assert.True((bool)Cmdlet<TestKmAccountCommand>().With("Account", "store1").Invoke().Output.Single());
        AssertFails(Cmdlet<SetKmAccountCommand>().With("Account", "store1").With("AuthToken", Secret("wrong")).Invoke(), ErrorIds.CredentialRejected, ErrorCategory.AuthenticationError);
        Assert.Single(Cmdlet<SetKmAccountCommand>().With("Account", "store1").With("AuthToken", Secret(SslStoreServer.Token)).Invoke().Output);
        Assert.DoesNotContain(result.Transcript, t => t.Contains(SslStoreServer.Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Products_are_listed_and_filtered()
    {
        await Store.AddAccountAsync();
        Assert.Equal(8, Cmdlet<GetKmProductCommand>().Invoke().Output.Count);
        Assert.Equal(["positivemdcssl", "positivessl", "positivesslwildcard"], Cmdlet<GetKmProductCommand>().With("Vendor", "sectigo").With("ValidationType", "DV").Invoke().OutputOf<Product>().Select(p => p.Code).Order());
        Assert.Equal("positivesslwildcard", Assert.Single(Cmdlet<GetKmProductCommand>().With("Product", "*wildcard*").Invoke().OutputOf<Product>()).Code);
        AssertFails(Cmdlet<GetKmProductCommand>().With("Product", "nope").Invoke(), ErrorIds.ProductNotFound, ErrorCategory.ObjectNotFound);
        Assert.Single(Cmdlet<SyncKmAccountCommand>().With("Account", "store1").Invoke().Output);
        Assert.Equal(2, Store.Server.Calls.Count(c => c == "product/query"));
    }

    [Fact]
    public void Organizations_and_contacts_are_kept_and_name_all_that_is_missing()
    {
        AssertFails(Cmdlet<NewKmContactCommand>().With("Name", "ops").With("FirstName", "Ada").Invoke(), ErrorIds.DetailsMissing, ErrorCategory.InvalidArgument);
        AssertFails(Cmdlet<NewKmContactCommand>().With("Name", "ops").With("FirstName", "A").With("LastName", "B").With("Phone", "1").With("Email", "nobody").Invoke(), ErrorIds.InvalidParameter, ErrorCategory.InvalidArgument);
        AssertFails(Cmdlet<NewKmOrganizationCommand>().With("Name", "contoso").With("LegalName", "Contoso").With("Country", "Germany").Invoke(), ErrorIds.InvalidParameter, ErrorCategory.InvalidArgument);
        _ = Assert.Single(Cmdlet<NewKmOrganizationCommand>().With("Name", "contoso").With("LegalName", "Contoso GmbH").With("Country", "de").Invoke().Output);
        AssertFails(Cmdlet<NewKmOrganizationCommand>().With("Name", "CONTOSO").With("LegalName", "Other").Invoke(), ErrorIds.NameAlreadyExists, ErrorCategory.ResourceExists);
        Organization changed = Assert.Single(Cmdlet<SetKmOrganizationCommand>().With("Organization", "contoso").With("City", "Berlin").With("Country", "").Invoke().OutputOf<Organization>());
        Assert.Equal(("Contoso GmbH", "Berlin", null), (changed.LegalName, changed.City, changed.Country));
        AssertFails(Cmdlet<SetKmOrganizationCommand>().With("Organization", "contoso").With("LegalName", " ").Invoke(), ErrorIds.DetailsMissing, ErrorCategory.InvalidArgument);
        _ = Cmdlet<NewKmContactCommand>().With("Name", "ops").With("FirstName", "Ada").With("LastName", "Berg").With("Email", "ops@contoso.com").With("Phone", "1").Invoke();
        Assert.Equal("CTO", Assert.Single(Cmdlet<SetKmContactCommand>().With("Contact", "ops").With("Title", "CTO").Invoke().OutputOf<Contact>()).Title);
        Assert.Equal("ops", Assert.Single(Cmdlet<GetKmContactCommand>().Invoke().OutputOf<Contact>()).Name);
        _ = Cmdlet<RemoveKmContactCommand>().With("Contact", "ops").Invoke();
        _ = Cmdlet<RemoveKmOrganizationCommand>().With("Organization", "contoso").Invoke();
        AssertFails(Cmdlet<GetKmContactCommand>().With("Name", "ops").Invoke(), ErrorIds.ContactNotFound, ErrorCategory.ObjectNotFound);
        Assert.Empty(Cmdlet<GetKmOrganizationCommand>().Invoke().Output);
    }

    [Fact]
    public async Task Each_row_of_a_table_is_one_result()
    {
        await Store.AddAccountAsync();
        object Row(string names, string product, string organization = "", string approver = "", string months = "") => Some.Row(
            ("DomainName", names), ("Product", product), ("Organization", organization), ("ApproverEmail", approver), ("ValidityMonths", months), ("ServerCount", ""), ("Account", ""));

        CmdletResult result = Cmdlet<NewKmCertificateOrderCommand>().With("AcceptCharges")
            .Pipe(Row("www.contoso.com", "positivessl"), Row("a.contoso.com;b.contoso.com", "positivemdcssl", months: "36"), Row("x.contoso.com", "nothing"), Row("c.contoso.com", "positivessl", months: "a year"),
                Row("d.contoso.com", "sectigoovssl"), Row("e.contoso.com", "sectigoovssl", "contoso"), Row("f.contoso.com", "positivessl", approver: "admin@contoso.com")).Invoke();

        Assert.Equal(["www.contoso.com", "a.contoso.com", "e.contoso.com", "f.contoso.com"], result.OutputOf<CertificateOrder>().Select(o => o.Name));
        Assert.Equal([ErrorIds.ProductNotFound, ErrorIds.InvalidParameter, ErrorIds.OrganizationRequired], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal(4, Store.Server.Ledger.Count);
        Assert.Equal(1, Store.Server.Calls.Count(c => c == "product/query"));
    }

    [Fact]
    public async Task WhatIf_names_the_price_and_asks_the_api_and_charges_have_to_be_accepted()
    {
        await Store.AddAccountAsync();
        CmdletResult result = Cmdlet<NewKmCertificateOrderCommand>().With("DomainName", "www.contoso.com").With("Product", "positivessl").With("WhatIf").Invoke();
        AssertClean(result);
        Assert.Contains("10.00 USD", Assert.Single(result.Questions), StringComparison.Ordinal);
        Assert.Contains("order/validate", Store.Server.Calls);
        Assert.Empty(Store.Bench.Orders());
        AssertFails(Cmdlet<NewKmCertificateOrderCommand>().With("DomainName", "www.contoso.com").With("Product", "positivessl").Invoke(), ErrorIds.ChargesNotAccepted, ErrorCategory.InvalidArgument);
    }

    [Fact]
    public async Task The_whole_life_at_the_prompt()
    {
        await Store.AddAccountAsync();
        CertificateOrder order = Cmdlet<NewKmCertificateOrderCommand>().With("DomainName", "www.contoso.com").With("Product", "positivessl").With("ValidityMonths", 24).With("AcceptCharges").Invoke().OutputOf<CertificateOrder>().Single();
        Assert.Equal(OrderStatus.Saved, Cmdlet<InvokeKmChallengeCommand>().Pipe(order).Invoke().OutputOf<CertificateOrder>().Single().Status);
        CertificateOrder again = Cmdlet<RequestKmCertificateReissueCommand>().Pipe(Store.Bench.Order(order.Id)).Invoke().OutputOf<CertificateOrder>().Single();
        Assert.Equal(OrderStatus.Saved, Cmdlet<InvokeKmChallengeCommand>().Pipe(again).Invoke().OutputOf<CertificateOrder>().Single().Status);
        Store.Bench.Clock.Advance(TimeSpan.FromDays(180));
        CmdletResult renewed = Cmdlet<UpdateKmCertificateCommand>().With("Certificate", "www.contoso.com").Invoke();
        Assert.Equal(OrderStatus.Saved, renewed.OutputOf<CertificateOrder>().Single().Status);
        Assert.Single(Store.Server.Ledger);
        CertificateOrder stopped = Cmdlet<StopKmCertificateOrderCommand>().With("Order", "www.contoso.com").With("Force").Invoke().OutputOf<CertificateOrder>().Single();
        Assert.NotNull(stopped.CancelRequestedAt);
        SslStoreServer.ApproveRefund(Store.Server.Orders.Single());
        Assert.Equal(OrderStatus.Revoked, Cmdlet<SyncKmCertificateOrderCommand>().Pipe(stopped).Invoke().OutputOf<CertificateOrder>().Single().Status);
    }

    [Fact]
    public async Task Orders_are_imported_and_approvers_are_listed_and_mailed()
    {
        await Store.AddAccountAsync();
        Store.Server.Add("a.contoso.com");
        Store.Server.Add("b.contoso.com", "Cancelled");
        CmdletResult imported = Cmdlet<ImportKmCertificateOrderCommand>().With("Account", "store1").With("Exclude", new[] { "revoked" }).Invoke();
        Assert.Equal([OrderStatus.Revoked, OrderStatus.Saved], imported.OutputOf<CertificateOrder>().Select(o => o.Status));
        Assert.Contains(imported.Progress, p => p.StatusDescription.Contains("page 1", StringComparison.Ordinal));

        Assert.Equal(2, Cmdlet<GetKmApproverEmailCommand>().InSet("Authority").With("DomainName", "www.contoso.com").With("Product", "positivessl").Invoke().Output.Count);
        Assert.Equal(10, Cmdlet<GetKmApproverEmailCommand>().InSet("Constructed").With("DomainName", "www.contoso.com").With("Constructed").Invoke().Output.Count);
        CertificateOrder order = Cmdlet<NewKmCertificateOrderCommand>().With("DomainName", "www.contoso.com").With("Product", "positivessl").With("ApproverEmail", "admin@contoso.com").With("AcceptCharges").Invoke().OutputOf<CertificateOrder>().Single();
        CmdletResult sent = Cmdlet<SendKmChallengeEmailCommand>().With("Order", order.Id).With("ApproverEmail", "hostmaster@contoso.com").Invoke();
        Assert.Equal("hostmaster@contoso.com", sent.OutputOf<CertificateOrder>().Single().Challenges.Single().Location);
    }

    [Fact]
    public async Task Tab_offers_what_the_catalogue_and_the_store_have()
    {
        await Store.AddAccountAsync();
        Assert.Equal(["positivemdcssl", "positivessl", "positivesslwildcard"], Complete<ProductCompleter>("posi"));
        Assert.Equal(["RapidSSL"], Complete<VendorCompleter>("Ra"));
        Assert.Equal(["ops"], Complete<ContactCompleter>(""));
        Assert.Equal(["contoso"], Complete<OrganizationCompleter>("c"));
        Assert.Equal(["tomcat"], Complete<ServerTypeCompleter>("tom"));
    }

    private IEnumerable<string> Complete<T>(string word)
        where T : StoreCompleter, new() => new T { OpenServices = _ => Store.Services }.CompleteArgument("", "", word, null!, new System.Collections.Hashtable()).Select(c => c.ListItemText);

    private CmdletRunner<TCmdlet> Cmdlet<TCmdlet>()
        where TCmdlet : KmCmdlet, new() => Run.Cmdlet<TCmdlet>().WithServices(_ => Store.Services).At(Store.Bench.Test.Folder);

    private static void AssertFails(CmdletResult result, string errorId, ErrorCategory category)
    {
        Assert.StartsWith(errorId + ",", result.Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(category, result.Error.CategoryInfo.Category);
        Assert.False(string.IsNullOrEmpty(result.Error.ErrorDetails.RecommendedAction), "an error says what to do");
    }

    private static void AssertClean(CmdletResult result)
    {
        Assert.Null(result.Terminating);
        Assert.Empty(result.Errors);
    }

    private static SecureString Secret(string text)
    {
        SecureString secret = new();
        text.ToList().ForEach(secret.AppendChar);
        return secret;
    }
}
