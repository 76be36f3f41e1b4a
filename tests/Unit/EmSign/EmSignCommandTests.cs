using System;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Commands;
using KeyManager.PowerShell;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.EmSign;
using Xunit;

namespace KeyManager.Tests.EmSign;

/// <summary>The cmdlets over the strict fake.</summary>
public sealed class EmSignCommandTests : EmSignTests
{
    [Fact]
    public void An_account_is_made_with_number_and_key_and_brings_its_directory()
    {
        CmdletResult result = Cmdlet<NewKmAccountCommand>().With("Name", "emsign").With("Authority", "EmSign").With("AccountNumber", " 1234567890 ")
            .With("AuthToken", Secret(EmSignServer.AccessKey)).With("BaseUrl", EmSign.Server.Url).Invoke();
        AuthorityAccount account = Assert.Single(result.OutputOf<AuthorityAccount>());
        Assert.Equal(("EmSign", AccountStatus.Valid), (account.Authority, account.Status));
        Assert.True((bool)Cmdlet<TestKmAccountCommand>().With("Account", "emsign").Invoke().Output.Single());
        Assert.Equal(3, Cmdlet<GetKmGroupCommand>().Invoke().Output.Count);
        Assert.Equal("Web", Assert.Single(Cmdlet<GetKmGroupCommand>().With("Name", EmSignServer.Group).Invoke().OutputOf<AuthorityGroup>()).Name);
        Assert.Equal("proved.contoso.com", Assert.Single(Cmdlet<GetKmDomainCommand>().With("DomainName", "proved*").Invoke().OutputOf<AuthorityDomain>()).DomainName);
        Assert.Equal(2, Cmdlet<GetKmOrganizationCommand>().With("Account", "emsign").Invoke().Output.Count);
        Assert.Equal(5, Cmdlet<GetKmProductCommand>().Invoke().Output.Count);
        AssertFails(Cmdlet<GetKmGroupCommand>().With("Name", "nope").Invoke(), ErrorIds.DirectoryMismatch, ErrorCategory.ObjectNotFound);
        AssertFails(Cmdlet<GetKmDomainCommand>().With("DomainName", "nope").Invoke(), ErrorIds.DirectoryMismatch, ErrorCategory.ObjectNotFound);
        AssertFails(Cmdlet<SetKmAccountCommand>().With("Account", "emsign").With("AuthToken", Secret("wrong")).Invoke(), ErrorIds.CredentialRejected, ErrorCategory.AuthenticationError);
        Assert.DoesNotContain(result.Transcript, t => t.Contains(EmSignServer.AccessKey, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_sync_nothing_is_fetched_until_it_is_asked_for()
    {
        _ = Cmdlet<NewKmAccountCommand>().With("Name", "emsign").With("Authority", "EmSign").With("AccountNumber", "1234567890")
            .With("AuthToken", Secret(EmSignServer.AccessKey)).With("BaseUrl", EmSign.Server.Url).With("NoSync").Invoke();
        Assert.DoesNotContain("GetDomainDetails", EmSign.Server.Calls);
        Assert.Single(Cmdlet<SyncKmAccountCommand>().With("Account", "emsign").With("Scope", "Domain").Invoke().Output);
        Assert.Equal((2, 0), (Cmdlet<GetKmDomainCommand>().Invoke().Output.Count, Cmdlet<GetKmGroupCommand>().Invoke().Output.Count));
        Assert.Single(Cmdlet<SyncKmAccountCommand>().With("Account", "emsign").Invoke().Output);
        Assert.Equal(3, Cmdlet<GetKmGroupCommand>().Invoke().Output.Count);
    }

    [Fact]
    public async Task An_order_is_placed_completed_and_revoked()
    {
        await EmSign.AddAccountAsync();
        CertificateOrder order = Assert.Single(Cmdlet<NewKmCertificateOrderCommand>().With("DomainName", "contoso.com").With("Product", "842")
            .With("SubscriptionYears", 3).With("IncludeWww").With("Comment", "shop").With("AcceptCharges").Invoke().OutputOf<CertificateOrder>());
        Assert.Equal((36, 2, "shop"), (order.ValidityMonths, order.DomainNames.Count, order.Comment));
        Assert.Equal("3", (string?)EmSign.Sent("GenerateOrderSSL")["subscriptionDetails"]!["validity"]);
        order = Assert.Single(Cmdlet<InvokeKmChallengeCommand>().With("Order", order.Id).Invoke().OutputOf<CertificateOrder>());
        Assert.Equal(OrderStatus.Saved, order.Status);
        AssertFails(
            Cmdlet<NewKmCertificateOrderCommand>().With("DomainName", "b.contoso.com").With("Product", "842").With("SubscriptionYears", 3).With("ValidityMonths", 12).Invoke(),
            ErrorIds.InvalidParameter,
            ErrorCategory.InvalidArgument);
        AssertFails(Cmdlet<NewKmCertificateOrderCommand>().With("DomainName", "b.contoso.com").With("Product", "842").Invoke(), ErrorIds.ChargesNotAccepted, ErrorCategory.InvalidArgument);
    }

    [Fact]
    public void A_code_of_digits_may_be_typed_without_quotes()
    {
        Assert.Equal("842", new ProductReference(842).Text);
        Assert.Equal("5917192968", new OrganizationReference(5917192968L).Text);
        Assert.Throws<ArgumentException>(() => new ProductReference(8.5));
    }

    private CmdletRunner<TCmdlet> Cmdlet<TCmdlet>()
        where TCmdlet : KmCmdlet, new() => Run.Cmdlet<TCmdlet>().WithServices(_ => EmSign.Services).At(EmSign.Bench.Test.Folder);

    private static SecureString Secret(string text)
    {
        SecureString secret = new();
        text.ToList().ForEach(secret.AppendChar);
        return secret;
    }

    private static void AssertFails(CmdletResult result, string errorId, ErrorCategory category)
    {
        Assert.StartsWith(errorId + ",", result.Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(category, result.Error.CategoryInfo.Category);
        Assert.False(string.IsNullOrEmpty(result.Error.ErrorDetails.RecommendedAction), "an error says what to do");
    }
}
