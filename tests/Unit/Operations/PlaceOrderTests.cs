using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class PlaceOrderTests : OperationTests
{
    [Fact]
    public async Task A_placed_order_has_its_key_its_request_and_the_answer_of_the_authority()
    {
        Bench.AddScripted(Bench.Able);
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com", "contoso.com");
        Assert.Equal((OrderStatus.Processing, OrderStep.Placed, "ready"), (order.Status, order.Step, order.AuthorityStatus));
        Assert.Equal("A-" + order.Id, order.AuthorityOrderId);
        CertificateRequestContent csr = Bench.Requests.Read(order.Csr!, "order");
        Assert.Equal(Names("www.contoso.com", "contoso.com"), csr.DomainNames);
        Assert.Equal(Bench.Key(order.PrivateKeyId!).SubjectPublicKeyInfo, csr.SubjectPublicKeyInfo);
        Assert.Equal(order.AuthorityOrderId, Bench.Order(order.Id).AuthorityOrderId);
        Assert.True(WasAudited("OrderCreated", order.Id) && WasAudited("OrderPlaced", order.Id));
    }

    [Fact]
    public async Task The_order_is_on_the_disk_before_it_is_sent()
    {
        Bench.AddScripted(Bench.Plain);
        List<(OrderStatus, OrderStep, bool HasKey)> seen = [];
        Bench.Plain.Before = _ =>
        {
            CertificateOrder stored = Bench.AnotherProcess().Store.Stream(new OrderQuery()).Single();
            seen.Add((stored.Status, stored.Step, stored.PrivateKeyId is not null && stored.Csr is not null));
        };
        await Bench.PlaceAsync("www.contoso.com");
        Assert.Equal([(OrderStatus.Draft, OrderStep.Placing, true)], seen);
    }

    [Fact]
    public async Task A_way_of_proof_that_the_authority_does_not_have_is_refused_with_those_it_has()
    {
        Bench.AddScripted(Bench.Plain);
        InvalidRequestException e = await RefusesAsync<InvalidRequestException>(
            ErrorIds.AuthorityCannot, "Plain authority does not check TlsAlpn01; it checks Http01 and Dns01", () => Bench.PlaceAsync(Request("www.contoso.com") with { ChallengeType = ChallengeType.TlsAlpn01 }));
        Assert.Equal(ChallengeType.TlsAlpn01, e.Target);
    }

    [Fact]
    public async Task Planning_says_what_would_be_ordered_and_changes_nothing()
    {
        await Bench.AddAccountAsync();
        string before = Contents();
        CertificateOrder plan = Bench.Services.PlaceOrder.Plan(Request("www.contoso.com") with { KeyAlgorithm = KeyAlgorithm.Rsa }, Bench.Reporter).Order;
        Assert.Equal(("www.contoso.com", "private", KeySpec.Create(KeyAlgorithm.Rsa)), (plan.Name, plan.Account, plan.KeySpec));
        Assert.Equal(before, Contents());
        Assert.Equal(2, Bench.Store.Writes); // the account: prepared, registered
    }

    [Fact]
    public async Task The_same_order_again_goes_on_with_the_open_one_and_says_so()
    {
        Bench.AddScripted(Bench.Plain);
        CertificateOrder first = await Bench.PlaceAsync("www.contoso.com");
        CertificateOrder again = await Bench.PlaceAsync("www.contoso.com");
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(1, Bench.Plain.Placed.Values.Single());
        Assert.Contains(first.Id, Assert.Single(Bench.Reporter.Warnings), StringComparison.Ordinal);
        Assert.Contains("-Force", Bench.Reporter.Warnings[0], StringComparison.Ordinal);
        Assert.Equal(1, Count("private_keys"));
    }

    [Fact]
    public async Task Force_places_another_one()
    {
        Bench.AddScripted(Bench.Plain);
        CertificateOrder first = await Bench.PlaceAsync("www.contoso.com");
        CertificateOrder second = await Bench.PlaceAsync(Request("www.contoso.com") with { Force = true });
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal([1, 1], Bench.Plain.Placed.Values);
    }

    public static TheoryData<string, OrderRequest> Others => new()
    {
        { "names", Request("www.contoso.com", "contoso.com") },
        { "entry", Request("www.contoso.com") with { Name = "other" } },
        { "key", Request("www.contoso.com") with { KeyAlgorithm = KeyAlgorithm.Ecdsa, KeyLength = 384 } },
        { "hash", Request("www.contoso.com") with { SignatureAlgorithm = SignatureHash.SHA512 } },
        { "policy", Request("www.contoso.com") with { KeyPolicy = new RenewalKeyPolicy(KeyOnRenewal.Same) } },
        { "challenge", Request("www.contoso.com") with { ChallengeType = ChallengeType.Dns01 } },
        { "life", Request("www.contoso.com") with { ValidityDays = 30 } },
        { "organization", Request("www.contoso.com") with { Subject = new SubjectName { Organization = "Contoso" } } },
        { "unit", Request("www.contoso.com") with { Subject = new SubjectName { OrganizationalUnits = ["Web"] } } },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task An_order_that_differs_is_another_order(string what, OrderRequest other)
    {
        Bench.AddScripted(Bench.Plain);
        CertificateOrder first = await Bench.PlaceAsync("www.contoso.com");
        CertificateOrder second = await Bench.PlaceAsync(other);
        Assert.True(first.Id != second.Id, what);

        // And is found again.
        Assert.Equal(second.Id, (await Bench.PlaceAsync(other)).Id);
    }

    [Fact]
    public async Task An_end_is_another_order_than_none_and_the_same_end_the_same_order()
    {
        Bench.AddScripted(Bench.Plain);
        DateTimeOffset end = Bench.Clock.UtcNow.AddDays(30);
        CertificateOrder first = await Bench.PlaceAsync("www.contoso.com");
        CertificateOrder second = await Bench.PlaceAsync(Request("www.contoso.com") with { NotAfter = end });
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(second.Id, (await Bench.PlaceAsync(Request("www.contoso.com") with { NotAfter = end })).Id);
    }

    [Fact]
    public async Task An_end_in_the_past_or_beside_a_number_of_days_is_refused()
    {
        Bench.AddScripted(Bench.Plain);
        DateTimeOffset now = Bench.Clock.UtcNow;
        foreach (OrderRequest request in new[] { Request("www.contoso.com") with { NotAfter = now }, Request("www.contoso.com") with { NotAfter = now.AddDays(30), ValidityDays = 30 } })
        {
            InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(() => Bench.PlaceAsync(request));
            Assert.Equal(ErrorIds.InvalidParameter, refused.ErrorId);
            Assert.Contains("-NotAfter", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Bench.Orders());
    }

    [Fact]
    public async Task A_finished_order_is_not_taken_up_again()
    {
        await Bench.AddAccountAsync();
        CertificateOrder first = await Bench.CompleteAsync(await Bench.PlaceAsync("www.contoso.com"));
        Assert.NotEqual(first.Id, (await Bench.PlaceAsync("www.contoso.com")).Id);
    }

    [Fact]
    public async Task A_certificate_that_ran_out_before_it_was_saved_is_ordered_anew()
    {
        await Bench.AddAccountAsync();
        CertificateOrder first = await Bench.CompleteAsync(await Bench.PlaceAsync("www.contoso.com"), save: false);
        Assert.Equal(first.Id, (await Bench.PlaceAsync("www.contoso.com")).Id);
        Bench.Clock.Advance(TimeSpan.FromDays(91));
        Assert.NotEqual(first.Id, (await Bench.PlaceAsync("www.contoso.com")).Id);
    }

    [Fact]
    public async Task The_settings_of_the_store_decide_what_the_request_leaves_open()
    {
        await Bench.AddAccountAsync();
        Bench.Services.Settings.Set("DefaultKeyAlgorithm", "Ecdsa");
        Bench.Services.Settings.Set("DefaultKeyLength", "384");
        Bench.Services.Settings.Set("DefaultKeystoreType", "Pem");
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        Assert.Equal(("ECDSA P-384", SignatureHash.SHA384, KeystoreType.Pem), (order.KeySpec.ToString(), order.SignatureAlgorithm, order.KeystoreType));

        // A length that was set belongs to the algorithm that was set.
        Assert.Equal("Ed25519", Bench.Services.PlaceOrder.Plan(Request("b.contoso.com") with { KeyAlgorithm = KeyAlgorithm.Ed25519 }, Bench.Reporter).Order.KeySpec.ToString());
    }

    [Fact]
    public async Task An_own_key_is_stored_once_and_used_for_renewals_too()
    {
        await Bench.AddAccountAsync();
        using KeyPair own = TestPki.NewKey();
        CertificateOrder order = await Bench.PlaceAsync(Request("www.contoso.com") with { ImportedKey = own });
        CertificateOrder again = await Bench.PlaceAsync(Request("www.contoso.com") with { ImportedKey = own });
        Assert.Equal(order.Id, again.Id);
        Assert.Equal(KeyOnRenewal.Import, order.KeyPolicy.OnRenewal);
        Assert.Equal(own.SubjectPublicKeyInfo, Bench.Requests.Read(order.Csr!, "order").SubjectPublicKeyInfo);
        Assert.Equal(1, Count("private_keys"));
    }

    [Fact]
    public async Task Another_own_key_is_another_order()
    {
        await Bench.AddAccountAsync();
        using KeyPair own = TestPki.NewKey();
        using KeyPair other = TestPki.NewKey();
        CertificateOrder order = await Bench.PlaceAsync(Request("www.contoso.com") with { ImportedKey = own });
        Assert.NotEqual(order.Id, (await Bench.PlaceAsync(Request("www.contoso.com") with { ImportedKey = other })).Id);
    }

    [Fact]
    public async Task A_stored_key_is_named_by_id_or_name()
    {
        await Bench.AddAccountAsync();
        PrivateKeyInfo key = Bench.Services.Keys.Import(Bench.Keys.ToPem(TestPki.Key("ECDSA P-384"), null), null, "key.pem", "my key");
        CertificateOrder order = await Bench.PlaceAsync(Request("www.contoso.com") with { PrivateKey = "MY KEY" });
        Assert.Equal((key.Id, "ECDSA P-384"), (order.PrivateKeyId, order.KeySpec.ToString()));
        Assert.Equal(order.Id, (await Bench.PlaceAsync(Request("www.contoso.com") with { PrivateKey = key.Id })).Id);
    }

    [Fact]
    public async Task A_request_made_elsewhere_brings_its_names_and_its_key()
    {
        await Bench.AddAccountAsync();
        byte[] csr = Csr(TestPki.Key("ECDSA P-256"), "www.contoso.com", "contoso.com");
        CertificateOrder order = await Bench.PlaceAsync(new OrderRequest { Csr = Encoding.ASCII.GetBytes(Pem.Encode("CERTIFICATE REQUEST", csr)) });
        Assert.Equal(Names("www.contoso.com", "contoso.com"), order.DomainNames);
        Assert.Equal(csr, order.Csr);
        Assert.Equal((null, KeyOnRenewal.Same), (order.PrivateKeyId, order.KeyPolicy.OnRenewal));
        Assert.Equal(0, Count("private_keys"));
        CertificateOrder done = await Bench.CompleteAsync(order);
        Assert.False(Bench.Certificate(done.CertificateId!).HasPrivateKey);
    }

    [Fact]
    public async Task A_stored_request_brings_its_stored_key()
    {
        await Bench.AddAccountAsync();
        CertificateSigningRequest csr = Bench.Services.Csrs.Create(new CsrRequest { DomainNames = Names("www.contoso.com") });
        CertificateOrder order = await Bench.PlaceAsync(new OrderRequest { CsrName = "www.contoso.com" });
        Assert.Equal((csr.Id, csr.PrivateKeyId), (order.CsrId, order.PrivateKeyId));
        Assert.Equal(csr.RawData, order.Csr);
    }

    [Fact]
    public async Task Without_any_account_the_error_says_how_to_make_one()
    {
        NotFoundException e = await RefusesAsync<NotFoundException>(ErrorIds.AccountNotFound, "no account", () => Bench.PlaceAsync("www.contoso.com"));
        Assert.Contains("New-KmAccount", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_account_is_named()
    {
        await Bench.AddAccountAsync();
        await RefusesAsync<NotFoundException>(ErrorIds.AccountNotFound, "'nobody'", () => Bench.PlaceAsync(Request("www.contoso.com") with { Account = "nobody" }));
    }

    [Fact]
    public async Task A_deactivated_account_orders_nothing()
    {
        await Bench.AddAccountAsync();
        await Bench.Services.ChangeAccount.DeactivateAsync("private", Bench.Reporter, default);
        await RefusesAsync<ConflictException>(ErrorIds.AccountDeactivated, "private", () => Bench.PlaceAsync(Request("www.contoso.com") with { Account = "private" }));
    }

    [Fact]
    public async Task No_name_at_all_is_refused()
    {
        await Bench.AddAccountAsync();
        await RefusesAsync<InvalidRequestException>(ErrorIds.InvalidDomainName, "No domain name", () => Bench.PlaceAsync(new OrderRequest()));
    }

    [Theory]
    [InlineData("www..contoso.com")]
    [InlineData("www.contoso_.com!")]
    [InlineData("www.*.contoso.com")]
    [InlineData("*")]
    [InlineData("-www.contoso.com")]
    [InlineData("https://www.contoso.com")]
    public void A_typo_in_a_name_is_named_before_anything_is_looked_at(string text) =>
        Refuses<InvalidRequestException>(ErrorIds.InvalidDomainName, text, () => Request(text));

    [Fact]
    public async Task A_name_that_the_authority_does_not_issue_for_leaves_nothing_behind()
    {
        await Bench.AddAccountAsync("private", ("AllowedNames", "contoso.com"));
        await RefusesAsync<InvalidRequestException>(ErrorIds.NameNotAllowed, "www.fabrikam.com", () => Bench.PlaceAsync("www.fabrikam.com"));
    }

    [Fact]
    public async Task A_request_for_other_names_than_asked_for_says_which()
    {
        await Bench.AddAccountAsync();
        byte[] csr = Csr(TestPki.Key("ECDSA P-256"), "www.contoso.com", "mail.contoso.com");
        KeyMaterialException e = await RefusesAsync<KeyMaterialException>(
            ErrorIds.CsrMismatch, "lacks contoso.com", () => Bench.PlaceAsync(Request("www.contoso.com", "contoso.com") with { Csr = csr }));
        Assert.Contains("also asks for mail.contoso.com.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_in_another_order_of_names_fits()
    {
        await Bench.AddAccountAsync();
        byte[] csr = Csr(TestPki.Key("ECDSA P-256"), "www.contoso.com", "contoso.com");
        Assert.Equal("contoso.com", (await Bench.PlaceAsync(Request("contoso.com", "www.contoso.com") with { Csr = csr })).Name);
    }

    [Fact]
    public async Task A_request_with_a_weak_key_is_refused()
    {
        await Bench.AddAccountAsync();
        await RefusesAsync<KeyMaterialException>(ErrorIds.KeyTooWeak, "weak.csr", () => Bench.PlaceAsync(new OrderRequest { Csr = WeakCsr(), CsrSource = "weak.csr" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n")]
    [InlineData("not a request")]
    public async Task A_request_that_cannot_be_read_is_named(string text)
    {
        await Bench.AddAccountAsync();
        await RefusesAsync<KeyMaterialException>(
            ErrorIds.CsrUnreadable, "my.csr", () => Bench.PlaceAsync(new OrderRequest { Csr = Encoding.ASCII.GetBytes(text), CsrSource = "my.csr" }));
    }

    [Fact]
    public async Task A_request_and_a_key_do_not_go_together()
    {
        await Bench.AddAccountAsync();
        byte[] csr = Csr(TestPki.Key("ECDSA P-256"), "www.contoso.com");
        await RefusesAsync<InvalidRequestException>(
            ErrorIds.InvalidParameter, "holds its key already", () => Bench.PlaceAsync(new OrderRequest { Csr = csr, ImportedKey = TestPki.Key("ECDSA P-256") }));
    }

    [Theory]
    [InlineData(KeyOnRenewal.New, 0)]
    [InlineData(KeyOnRenewal.Same, 2)]
    public async Task A_renewal_cannot_have_another_key_when_only_a_request_is_known(KeyOnRenewal policy, int rotate)
    {
        await Bench.AddAccountAsync();
        byte[] csr = Csr(TestPki.Key("ECDSA P-256"), "www.contoso.com");
        await RefusesAsync<InvalidRequestException>(
            ErrorIds.InvalidParameter, "same request", () => Bench.PlaceAsync(new OrderRequest { Csr = csr, KeyPolicy = new RenewalKeyPolicy(policy, rotate) }));
    }

    [Fact]
    public async Task Policies_that_make_no_sense_are_refused()
    {
        await Bench.AddAccountAsync();
        await RefusesAsync<InvalidRequestException>(
            ErrorIds.InvalidParameter, "-RotateKeyEvery", () => Bench.PlaceAsync(Request("a.contoso.com") with { KeyPolicy = new RenewalKeyPolicy(KeyOnRenewal.New, 3) }));
        await RefusesAsync<InvalidRequestException>(
            ErrorIds.InvalidParameter, "-KeyOnRenewal Import", () => Bench.PlaceAsync(Request("a.contoso.com") with { KeyPolicy = new RenewalKeyPolicy(KeyOnRenewal.Import) }));
    }

    [Fact]
    public async Task Stored_things_that_are_not_there_are_named()
    {
        await Bench.AddAccountAsync();
        await RefusesAsync<NotFoundException>(ErrorIds.PrivateKeyNotFound, "'lost'", () => Bench.PlaceAsync(Request("a.contoso.com") with { PrivateKey = "lost" }));
        await RefusesAsync<NotFoundException>(ErrorIds.CsrNotFound, "'gone'", () => Bench.PlaceAsync(new OrderRequest { CsrName = "gone" }));
    }

    [Fact]
    public async Task A_refusal_by_the_authority_is_kept_and_the_next_try_is_a_new_order()
    {
        Bench.AddScripted(Bench.Plain);
        Bench.Plain.Before = _ => throw new AuthorityException(ErrorIds.AuthorityRejected, "The domain is on a block list.") { Remedy = "Ask the authority." };
        await FailsAsync<AuthorityException>(ErrorIds.AuthorityRejected, "block list", () => Bench.PlaceAsync("www.contoso.com"));
        CertificateOrder rejected = Assert.Single(Bench.Orders());
        Assert.Equal((OrderStatus.Rejected, ErrorIds.AuthorityRejected, "The domain is on a block list."), (rejected.Status, rejected.ErrorId, rejected.ErrorDetail));
        Assert.False(Bench.Audit().First(a => a.Action == "OrderRejected").Succeeded);
        Bench.Plain.Before = null;
        Assert.NotEqual(rejected.Id, (await Bench.PlaceAsync("www.contoso.com")).Id);
    }

    [Fact]
    public async Task A_rate_limit_leaves_the_order_for_later()
    {
        Bench.AddScripted(Bench.Plain);
        Bench.Plain.Before = _ => throw new RateLimitException("KmAuthorityRateLimited", "Too many orders.") { Remedy = "Wait an hour." };
        await FailsAsync<RateLimitException>("KmAuthorityRateLimited", "Too many", () => Bench.PlaceAsync("www.contoso.com"));
        CertificateOrder draft = Assert.Single(Bench.Orders());
        Assert.Equal((OrderStatus.Draft, OrderStep.Prepared), (draft.Status, draft.Step));
        Bench.Plain.Before = null;
        Assert.Equal(draft.Id, (await Bench.PlaceAsync("www.contoso.com")).Id);
        Assert.Equal(1, Bench.Plain.Placed[draft.Id]);
    }

    [Fact]
    public async Task The_keystore_password_is_a_secret_of_the_order_and_in_no_text()
    {
        await Bench.AddAccountAsync();
        OrderRequest request = Request("www.contoso.com") with { KeystorePassword = "hunter2" };
        CertificateOrder order = await Bench.PlaceAsync(request);
        Assert.Equal("hunter2", Encoding.UTF8.GetString(Bench.Store.Read(s => s.Secrets.Get(SecretRef.KeystorePassword(order.Id)))!));
        Assert.DoesNotContain("hunter2", request.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", order.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Bench.Audit(), a => a.Detail.Contains("hunter2"));
    }

    private byte[] Csr(KeyPair key, params string[] names) => Bench.Requests.Create(key, Names(names), null, SignatureHash.SHA256);

    // RSA with 1024 bits, as "openssl req -new -newkey rsa:1024" makes it.
    private static byte[] WeakCsr() => Convert.FromBase64String(
        "MIIBWTCBwwIBADAaMRgwFgYDVQQDDA93d3cuY29udG9zby5jb20wgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBANHI4sWvRju6"
        + "xxwjR0+gfUmCkNuwKgopkHKKIVJM+5NmRkxZxDfYsBLsqxGvC3NtPmFdcVpJJ5UkLP8eFmsf7YVUmiKx8A1u9uV4QiyhFlaKzHA0"
        + "qqN38qFepjqzd+Qk4xAt7qyifcpsg1/8yzvkHmr1TYdGhDwlhdHMF7g3AfLJAgMBAAGgADANBgkqhkiG9w0BAQsFAAOBgQCUlR24"
        + "Ahx4GlNmksy58kfbgrSVTOdCmM/0EXHe5dOckTYiwJm8kqJyKRpooZkz4082eiJpIkRLy+1btAT49J8D3Wes6LQIp+CHobtVgJEJ"
        + "hDKVc9djajh2eSBORoxH8w+tcfCwGwOX5zOw06YQNliTMOrMwAlv3HJGPNTkdpBeWg==");
}
