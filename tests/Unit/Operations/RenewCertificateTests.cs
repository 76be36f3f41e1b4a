using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class RenewCertificateTests : OperationTests
{
    [Fact]
    public async Task A_saved_renewal_becomes_the_current_version_and_the_old_one_history()
    {
        await Bench.AddAccountAsync();
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com", "contoso.com");
        CertificateOrder renewal = await Bench.RenewAsync(first);
        Certificate second = Assert.Single(Bench.Listed());
        Assert.Equal((OrderStatus.Saved, second.Id, first.Id, 1), (renewal.Status, renewal.CertificateId, renewal.RenewsCertificateId, renewal.RenewalNumber));
        Assert.Equal((first.LineageId, first.Name, 2), (second.LineageId, second.Name, second.Version));
        Assert.Equal(first.DomainNames, second.DomainNames);
        Assert.Equal([second.Id, first.Id], Bench.Services.Inventory.History("www.contoso.com").Select(c => c.Id));
        Assert.Equal((false, CertificateStatus.Valid), (Bench.Certificate(first.Id).IsCurrent, Bench.Certificate(first.Id).Status));
        Assert.True(WasAudited("CertificateRenewed", second.Id));
    }

    [Fact]
    public async Task Until_it_is_saved_the_old_version_stays_the_current_one()
    {
        await Bench.AddAccountAsync();
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        CertificateOrder renewal = await Bench.RenewAsync(first, save: false);
        Assert.Equal(OrderStatus.Renewed, renewal.Status);
        Assert.Equal(first.Id, Assert.Single(Bench.Listed()).Id);
        Assert.Equal(first.Id, Bench.Services.Inventory.Resolve("www.contoso.com").Id);
        Assert.Equal([first.Id], Bench.Services.Inventory.History("www.contoso.com").Select(c => c.Id));

        Bench.Services.SaveCertificate.Run(renewal.Id, Bench.Reporter);
        Assert.Equal(renewal.CertificateId, Assert.Single(Bench.Listed()).Id);
    }

    [Fact]
    public async Task A_renewal_that_waits_to_be_saved_is_not_ordered_again()
    {
        Bench.AddScripted(Bench.Plain);
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        CertificateOrder renewal = await Bench.RenewAsync(first, save: false);
        Assert.Equal(renewal.Id, (await Bench.RenewAsync(first, save: false)).Id);
        CertificateOrder saved = await Bench.RenewAsync(first);
        Assert.Equal((renewal.Id, OrderStatus.Saved), (saved.Id, saved.Status));
        Assert.Equal(2, Bench.Plain.Placed.Count);
    }

    [Fact]
    public async Task A_renewal_that_ran_out_before_it_was_saved_is_ordered_again()
    {
        await Bench.AddAccountAsync();
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        CertificateOrder forgotten = await Bench.RenewAsync(first, save: false);
        Bench.Clock.Advance(TimeSpan.FromDays(91));
        CertificateOrder renewal = await Bench.RenewAsync(first);
        Assert.NotEqual(forgotten.Id, renewal.Id);
        Assert.Equal((renewal.CertificateId, CertificateStatus.Valid), (Bench.Listed().Single().Id, Bench.Listed().Single().Status));
    }

    [Fact]
    public async Task Policy_New_makes_a_new_key_each_time()
    {
        List<string> keys = await KeysAsync(new RenewalKeyPolicy(KeyOnRenewal.New), 3);
        Assert.Equal(4, keys.Distinct().Count());
    }

    [Fact]
    public async Task Policy_Same_keeps_the_key()
    {
        List<string> keys = await KeysAsync(new RenewalKeyPolicy(KeyOnRenewal.Same), 3);
        Assert.Single(keys.Distinct());
        Assert.Equal(1, Count("private_keys"));
    }

    [Fact]
    public async Task Policy_Same_with_rotation_makes_a_new_key_at_every_second_renewal()
    {
        List<string> keys = await KeysAsync(new RenewalKeyPolicy(KeyOnRenewal.Same, RotateEvery: 2), 5);
        Assert.Equal(["a", "a", "b", "b", "c", "c"], keys.Select(k => new[] { "a", "b", "c" }[keys.Distinct().ToList().IndexOf(k)]));
    }

    [Fact]
    public async Task Policy_Import_uses_the_own_key_for_every_renewal()
    {
        await Bench.AddAccountAsync();
        using KeyPair own = TestPki.NewKey();
        Certificate certificate = await Bench.GetCertificateAsync(Request("www.contoso.com") with { ImportedKey = own });
        for (int i = 0; i < 2; i++)
        {
            certificate = Bench.Certificate((await Bench.RenewAsync(certificate)).CertificateId!);
            Assert.Equal(own.SubjectPublicKeyInfo, Bench.Certificates.Parse(certificate.RawData).SubjectPublicKeyInfo);
        }

        Assert.Equal(KeyOnRenewal.Import, Bench.Order(certificate.OrderId!).KeyPolicy.OnRenewal);
    }

    [Fact]
    public async Task Where_only_the_request_is_known_the_same_one_is_sent_again()
    {
        await Bench.AddAccountAsync();
        byte[] csr = Bench.Requests.Create(TestPki.Key("ECDSA P-256"), Names("www.contoso.com"), null, SignatureHash.SHA256);
        Certificate first = await Bench.GetCertificateAsync(new OrderRequest { Csr = csr });
        CertificateOrder renewal = await Bench.RenewAsync(first);
        Assert.Equal(csr, renewal.Csr);
        Assert.Equal(2, Bench.Listed().Single().Version);
    }

    [Fact]
    public async Task A_compromised_key_is_not_kept_whatever_the_policy_says()
    {
        await Bench.AddAccountAsync();
        Certificate same = await Bench.GetCertificateAsync(Request("www.contoso.com") with { KeyPolicy = new RenewalKeyPolicy(KeyOnRenewal.Same) });
        await RevokeAsync(same, RevocationReason.KeyCompromise);
        CertificateOrder renewal = await Bench.RenewAsync(same);
        Assert.NotEqual(same.PrivateKeyId, renewal.PrivateKeyId);
        Assert.Equal(KeyOnRenewal.Same, renewal.KeyPolicy.OnRenewal);
        Assert.Contains("compromised", Assert.Single(Bench.Reporter.Warnings), StringComparison.Ordinal);

        using KeyPair own = TestPki.NewKey();
        Certificate imported = await Bench.GetCertificateAsync(Request("mail.contoso.com") with { ImportedKey = own });
        await RevokeAsync(imported, RevocationReason.KeyCompromise);
        ConflictException e = await RefusesAsync<ConflictException>(ErrorIds.CertificateNotRenewable, "compromised", () => Bench.RenewAsync(imported));
        Assert.Contains("another key", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_revoked_for_another_reason_keeps_its_key_when_it_is_renewed()
    {
        await Bench.AddAccountAsync();
        Certificate same = await Bench.GetCertificateAsync(Request("www.contoso.com") with { KeyPolicy = new RenewalKeyPolicy(KeyOnRenewal.Same) });
        await RevokeAsync(same, RevocationReason.Superseded);
        Assert.Equal(same.PrivateKeyId, (await Bench.RenewAsync(same)).PrivateKeyId);
    }

    [Fact]
    public async Task A_renewal_asks_for_what_the_last_order_asked_for()
    {
        await Bench.AddAccountAsync("private", ("Validation", "Any"));
        Certificate first = await Bench.GetCertificateAsync(Request("www.contoso.com") with
        {
            Name = "web",
            KeyAlgorithm = KeyAlgorithm.Ecdsa,
            KeyLength = 384,
            SignatureAlgorithm = SignatureHash.SHA512,
            ValidityDays = 30,
            ChallengeType = ChallengeType.Dns01,
            KeystoreType = KeystoreType.Jks,
            Subject = new SubjectName { Organization = "Contoso", OrganizationalUnits = ["Web", "IT"] },
        });
        CertificateOrder before = Bench.Order(first.OrderId!);
        CertificateOrder after = await Bench.RenewAsync(first);
        Assert.Equal(
            (before.Name, before.AccountId, before.KeySpec, before.SignatureAlgorithm, before.ValidityDays, before.ChallengeType, before.KeystoreType, before.KeyPolicy),
            (after.Name, after.AccountId, after.KeySpec, after.SignatureAlgorithm, after.ValidityDays, after.ChallengeType, after.KeystoreType, after.KeyPolicy));
        Assert.Equal("Contoso", after.Subject!.Organization);
        Assert.Equal(["Web", "IT"], after.Subject.OrganizationalUnits);
    }

    [Fact]
    public async Task The_keystore_password_stays_with_the_entry()
    {
        await Bench.AddAccountAsync();
        Certificate first = await Bench.GetCertificateAsync(Request("www.contoso.com") with { KeystorePassword = "hunter2" });
        await Bench.RenewAsync(first);
        string file = Bench.File("web.pfx");
        Bench.Services.ExportCertificate.Run(Bench.Listed().Single().Id, new ExportRequest { Path = file });
        Assert.NotEmpty(Bench.Services.ImportCertificate.Run(System.IO.File.ReadAllBytes(file), "hunter2", file, null));
    }

    [Fact]
    public async Task A_renewal_that_fails_leaves_the_old_version_and_the_next_one_is_new()
    {
        Bench.AddScripted(Bench.Plain);
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(Bench.Order(first.OrderId!), OrderStatus.Failed, "invalid") with { ErrorDetail = "CAA forbids it." });
        await FailsAsync<AuthorityException>(ErrorIds.OrderFailed, "CAA", () => Bench.RenewAsync(first));
        Assert.Equal(first.Id, Assert.Single(Bench.Listed()).Id);
        Assert.Equal(OrderStatus.Saved, (await Bench.RenewAsync(first)).Status);
        Assert.Equal(3, Bench.Plain.Placed.Count);
    }

    [Fact]
    public async Task An_older_version_an_imported_one_and_one_without_its_order_cannot_be_renewed()
    {
        await Bench.AddAccountAsync();
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        await Bench.RenewAsync(first);
        ConflictException e = await RefusesAsync<ConflictException>(ErrorIds.CertificateNotRenewable, "older version", () => Bench.RenewAsync(first));
        Assert.Contains("Update-KmCertificate www.contoso.com", e.Remedy, StringComparison.Ordinal);

        Certificate second = Bench.Listed().Single();
        Bench.Services.RemoveOrder.Run(second.OrderId!, Bench.Reporter);
        await RefusesAsync<ConflictException>(ErrorIds.CertificateNotRenewable, "was removed", () => Bench.RenewAsync(second));

        Certificate imported = Bench.Services.ImportCertificate.Run(TestPki.Entry("x", "mail.contoso.com").Certificates[0], null, "mail.cer", null).Single();
        e = await RefusesAsync<ConflictException>(ErrorIds.CertificateNotRenewable, "imported", () => Bench.RenewAsync(imported));
        Assert.Contains("New-KmCertificateOrder mail.contoso.com", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewal_that_another_process_saved_meanwhile_is_not_ordered_a_second_time()
    {
        Bench.AddScripted(Bench.Plain);
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        KeyManagerServices other = Bench.AnotherProcess();
        Bench.Store.BeforeWrite = _ =>
        {
            // Right after this process has looked: no renewal is open.
            Bench.Store.BeforeWrite = null;
            other.RenewCertificate.RunAsync(first.Id, new CompleteOrderOptions(), Bench.Reporter, CancellationToken.None).GetAwaiter().GetResult();
        };
        await FailsAsync<ConflictException>(ErrorIds.CertificateNotRenewable, "older version", () => Bench.RenewAsync(first));
        Assert.Equal(2, Bench.Plain.Placed.Count);
        Assert.Equal(2, Count("private_keys"));
    }

    private Task RevokeAsync(Certificate certificate, RevocationReason reason) =>
        Bench.Services.RevokeCertificate.RunAsync(certificate.Id, reason, null, Bench.Reporter, CancellationToken.None);

    private async Task<List<string>> KeysAsync(RenewalKeyPolicy policy, int renewals)
    {
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync(Request("www.contoso.com") with { KeyPolicy = policy });
        List<string> keys = [certificate.PrivateKeyId!];
        for (int i = 0; i < renewals; i++)
        {
            certificate = Bench.Certificate((await Bench.RenewAsync(certificate)).CertificateId!);
            keys.Add(certificate.PrivateKeyId!);
        }

        return keys;
    }
}
