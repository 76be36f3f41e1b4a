#if NET // Mono's TLS trusts no roots but those of the machine
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Acme;

/// <summary>
/// Against the reference server for clients, with its chaos left on: bad nonces, pauses, proofs used again, answers in any order. What an older Pebble does not have is skipped by name.
/// </summary>
public sealed class PebbleTests
{
    /// <summary>Pebble's pauses before it looks, shortened; the rest of its chaos stays.</summary>
    private static readonly PebbleOptions Usual = new() { SleepSeconds = 2 };

    private const string NoCaaIdentity = "This Pebble does not say under which name records allow it; Debian's package pebble is too old for it, 2.10 does.";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_by_a_file_from_the_order_to_its_renewal_and_revocation(bool strict)
    {
        using PebbleBench bench = new(Usual with { IsStrict = strict });
        AuthorityAccount account = await bench.AddAccountAsync();
        Certificate first = await bench.GetCertificateAsync(bench.ByFile("www.contoso.com", "mail.contoso.com"));
        Assert.Equal(CertificateStatus.Valid, first.Status);
        Assert.Equal(OrderStatus.Saved, (await bench.RenewAsync(first)).Status);
        Certificate second = bench.Listed().Single();
        Assert.Equal((2, true), (second.Version, second.SerialNumber != first.SerialNumber));
        await bench.Services.RevokeCertificate.RunAsync(second.Id, RevocationReason.Superseded, null, bench.Reporter, CancellationToken.None);
        Assert.Contains("Revoked", bench.Pebble.CertificateStatus(second.SerialNumber), StringComparison.Ordinal);
        Assert.Contains("Valid", bench.Pebble.CertificateStatus(first.SerialNumber), StringComparison.Ordinal);
        await bench.Services.AccountKeys.ChangeAsync(account.Id, bench.Reporter, CancellationToken.None);
        Assert.Contains("valid", await bench.Services.ChangeAccount.TestAsync(account.Id, bench.Reporter, CancellationToken.None), StringComparison.Ordinal);
        await bench.Services.ChangeAccount.DeactivateAsync(account.Id, bench.Reporter, CancellationToken.None);
    }

    [Fact]
    public async Task A_wildcard_by_records_that_a_script_sets_and_takes_away()
    {
        using PebbleBench bench = new(Usual);
        await bench.AddAccountAsync();
        Certificate certificate = await bench.GetCertificateAsync(bench.ByRecord(ChallengeType.Dns01, "contoso.com", "*.contoso.com"));
        Assert.Equal(2, certificate.DomainNames.Count);
        Assert.Equal(bench.ScriptCalls.Count(c => c.StartsWith("Add", StringComparison.Ordinal)), bench.ScriptCalls.Count(c => c.StartsWith("Remove", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_record_that_stands_proves_one_order_after_the_other()
    {
        using PebbleBench bench = new(Usual);
        Assert.SkipUnless(bench.Pebble.HasCaaIdentity, NoCaaIdentity);
        await bench.AddAccountAsync();
        ChallengeRecordRequest request = new()
        {
            DomainName = DomainName.Parse("*.contoso.com"), PersistUntil = bench.Services.Clock.UtcNow.AddYears(1), Resolver = bench.Pebble.Dns.Address,
        };
        ChallengeRecord record = await bench.Services.ChallengeRecords.DescribeAsync(request, bench.Reporter, CancellationToken.None);
        Assert.Equal(("_validation-persist.contoso.com", ChallengeRecordStatus.Missing), (record.RecordName, record.Status));

        bench.Pebble.Dns.SetTxt(record.RecordName, record.Value!);
        Assert.Equal(ChallengeRecordStatus.Valid, (await bench.Services.ChallengeRecords.DescribeAsync(request, bench.Reporter, CancellationToken.None)).Status);
        foreach (string name in new[] { "*.contoso.com", "contoso.com" })
        {
            CertificateOrder order = await bench.Services.PlaceOrder.RunAsync(
                new OrderRequest { DomainNames = [DomainName.Parse(name)], ChallengeType = ChallengeType.DnsPersist01 }, bench.Reporter, CancellationToken.None);
            CompleteOrderOptions options = new() { AlreadyPublished = true, Timeout = TimeSpan.FromMinutes(1) };
            Assert.Equal(OrderStatus.Saved, (await bench.Services.CompleteOrder.RunAsync(order.Id, options, bench.Reporter, CancellationToken.None)).Status);
        }
    }

    [Fact]
    public async Task What_CAA_records_say_is_known_before_Pebble_says_it()
    {
        using PebbleBench bench = new(Usual);
        Assert.SkipUnless(bench.Pebble.HasCaaIdentity, NoCaaIdentity);
        await bench.AddAccountAsync();
        bench.Pebble.Dns.AddCaa("contoso.com", "issue", "other.example");
        CertificateOrder planned = bench.Services.PlaceOrder.Plan(bench.ByFile("www.contoso.com"), bench.Reporter).Order;

        PreflightFinding finding = Assert.Single(
            await bench.Services.Preflight.RunAsync(planned, bench.Pebble.Dns.Address, bench.Reporter, CancellationToken.None), f => f.Check == "Caa");

        Assert.Contains("The CAA records of contoso.com keep the authority out: 0 issue \"other.example\" allows other.example", finding.Message, StringComparison.Ordinal);
        Assert.Contains("contoso.com. CAA 0 issue \"pebble.letsencrypt.org\"", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_by_a_TLS_handshake()
    {
        using PebbleBench bench = new(Usual);
        await bench.AddAccountAsync();
        Assert.Single((await bench.GetCertificateAsync(bench.ByTls("www.contoso.com"))).DomainNames);
        Assert.Equal("127.0.0.1", (await bench.GetCertificateAsync(bench.ByTls("127.0.0.1"))).DomainNames.Single().Ascii);
    }

    [Theory]
    [InlineData(ChallengeType.DnsAccount01)]
    [InlineData(ChallengeType.DnsPersist01)]
    public async Task The_drafts_of_DNS_proofs_work(ChallengeType type)
    {
        using PebbleBench bench = new(Usual with { PercentOfAuthorizationsReused = 0 });
        await bench.AddAccountAsync();
        CertificateOrder order = await bench.Services.PlaceOrder.RunAsync(bench.ByRecord(type, "*.contoso.com"), bench.Reporter, CancellationToken.None);
        Assert.SkipUnless(order.Challenges.Any(c => c.Type == type), $"This Pebble has no {type}; Debian's package pebble is too old for it, 2.10 has it.");
        Assert.Equal(OrderStatus.Saved, (await bench.CompleteAsync(order)).Status);
        Assert.NotEmpty(bench.ScriptCalls);
    }

    [Fact]
    public async Task Renewal_information_is_asked_for_kept_and_obeyed()
    {
        using PebbleBench bench = new(Usual);
        Assert.SkipUnless(bench.Pebble.HasRenewalInfo, "This Pebble has no renewal information; Debian's package pebble is too old for it, 2.6 has it.");
        await bench.AddAccountAsync();
        Certificate certificate = await bench.GetCertificateAsync(bench.ByFile("www.contoso.com"));
        RenewalDecision decision = await bench.Services.DecideRenewal.RunAsync(certificate.Id, bench.Reporter, CancellationToken.None);
        Assert.False(decision.IsDue);
        Assert.InRange(decision.RenewAt, certificate.NotBefore, certificate.NotAfter);
        await bench.Services.RevokeCertificate.RunAsync(certificate.Id, RevocationReason.KeyCompromise, null, bench.Reporter, CancellationToken.None);
        Assert.True((await bench.Services.DecideRenewal.RunAsync(certificate.Id, bench.Reporter, CancellationToken.None)).IsDue);
        await bench.RenewAsync(bench.Find(certificate.Id));
        Assert.Equal(2, bench.Listed().Single().Version);
    }

    [Fact]
    public async Task A_profile_sets_the_life_of_a_certificate()
    {
        using PebbleBench bench = new(Usual with
        {
            Profiles = new Dictionary<string, AcmeProfile> { ["default"] = new("Three months", TimeSpan.FromDays(90)), ["shortlived"] = new("Six days", TimeSpan.FromDays(6)) },
        });
        Assert.SkipUnless(bench.Pebble.HasProfiles, "This Pebble has no profiles; Debian's package pebble is too old for it, 2.7 has them.");
        await bench.AddAccountAsync();
        Certificate certificate = await bench.GetCertificateAsync(bench.ByFile("www.contoso.com") with { Profile = "shortlived" });
        Assert.InRange((certificate.NotAfter - certificate.NotBefore).TotalDays, 5.9, 6.1);
        InvalidRequestException unknown = await Assert.ThrowsAsync<InvalidRequestException>(
            () => bench.Services.PlaceOrder.RunAsync(bench.ByFile("mail.contoso.com") with { Profile = "gold" }, bench.Reporter, CancellationToken.None));
        Assert.Equal(ErrorIds.ProfileNotFound, unknown.ErrorId);
    }

    [Fact]
    public async Task Another_chain_is_taken_by_the_name_of_its_root()
    {
        using PebbleBench bench = new(Usual with { AlternateRoots = 2 });
        await bench.AddAccountAsync();
        using System.Security.Cryptography.X509Certificates.X509Certificate2 root = X509(bench.Pebble.IssuingRoot(1));
        string name = root.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, false);
        Certificate certificate = await bench.GetCertificateAsync(bench.ByFile("www.contoso.com") with { PreferredChain = name });
        Assert.Contains(name, new KeyManager.Providers.Keys.CertificateTools().Parse(bench.Services.Store.Read(s => s.Certificates.GetChain(certificate.Id)).Last()).Issuer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Customers_bind_their_credentials()
    {
        byte[] key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
        using PebbleBench bench = new(Usual with { RequiresExternalAccount = true, ExternalAccounts = new Dictionary<string, byte[]> { ["kid-1"] = key } });
        CredentialException lacking = await Assert.ThrowsAsync<CredentialException>(() => bench.AddAccountAsync());
        Assert.Equal(ErrorIds.ExternalAccountRequired, lacking.ErrorId);
        await Assert.ThrowsAnyAsync<KeyManagerException>(() => bench.AddAccountAsync(eabKey: new byte[32], eabKeyId: "kid-1"));
        await bench.AddAccountAsync(eabKey: key, eabKeyId: "kid-1");
        await bench.GetCertificateAsync(bench.ByFile("www.contoso.com"));
    }

    [Fact]
    public async Task Half_of_the_nonces_refused_and_no_order_lost()
    {
        using PebbleBench bench = new(new PebbleOptions { NeverSleeps = true, PercentOfNoncesRefused = 50 });
        await bench.AddAccountAsync();
        for (int i = 0; i < 5; i++)
        {
            await bench.GetCertificateAsync(bench.ByFile($"www{i}.contoso.com"));
        }

        Assert.Equal(5, bench.Listed().Count);
    }

    [Fact]
    public async Task Telling_a_second_time_that_a_proof_is_published_does_no_harm()
    {
        using PebbleBench bench = new(Usual with { SleepSeconds = 3, PercentOfAuthorizationsReused = 0 });
        await bench.AddAccountAsync();
        CertificateOrder order = await bench.Services.PlaceOrder.RunAsync(bench.ByRecord(ChallengeType.Dns01, "www.contoso.com"), bench.Reporter, CancellationToken.None);
        await bench.Services.Challenges.PublishAsync(order.Id, new CompleteOrderOptions { Scripts = bench }, bench.Reporter, CancellationToken.None);
        for (int i = 0; i < 3; i++)
        {
            order = order.Status == OrderStatus.PendingValidation ? await bench.Services.Challenges.SubmitAsync(order.Id, bench.Reporter, CancellationToken.None) : order;
        }

        Assert.Equal(OrderStatus.Saved, (await bench.CompleteAsync(order)).Status);
    }

    [Fact]
    public async Task Nobody_answering_fails_the_order_in_the_words_of_the_server_and_it_can_be_tried_again()
    {
        using PebbleBench bench = new(Usual with { PercentOfAuthorizationsReused = 0 });
        await bench.AddAccountAsync();
        CertificateOrder order = await bench.Services.PlaceOrder.RunAsync(bench.ByRecord(ChallengeType.Dns01, "www.contoso.com"), bench.Reporter, CancellationToken.None);
        ChallengeException failed = await Assert.ThrowsAsync<ChallengeException>(() => bench.Services.CompleteOrder.RunAsync(
            order.Id, new CompleteOrderOptions { AlreadyPublished = true, Timeout = TimeSpan.FromMinutes(1) }, bench.Reporter, CancellationToken.None));
        Assert.Equal(ErrorIds.ChallengeFailed, failed.ErrorId);
        Assert.Contains("unauthorized", failed.Message, StringComparison.Ordinal);
        CertificateOrder again = await bench.Services.RenewChallenges.RunAsync(order.Id, null, bench.Reporter, CancellationToken.None);
        Assert.Equal(OrderStatus.Saved, (await bench.CompleteAsync(again)).Status);
    }

    [Fact]
    public async Task A_server_that_is_not_trusted_gets_nothing()
    {
        using PebbleBench bench = new(Usual);
        using TemporaryFolder folder = new();
        string other = folder.File("other.crt");
        System.IO.File.WriteAllBytes(other, new KeyManager.Providers.Keys.CertificateTools().ToPem([TestPki.Root.Der]));
        TransportException refused = await Assert.ThrowsAsync<TransportException>(() => KeyManager.Providers.KeyManagerHost.LookAtDirectoryAsync(
            bench.Pebble.DirectoryUrl.AbsoluteUri, null, other, bench.Reporter, CancellationToken.None));
        Assert.Equal((ErrorIds.AuthorityNotTrusted, true), (refused.ErrorId, refused.WasNeverSent));
    }

    private static System.Security.Cryptography.X509Certificates.X509Certificate2 X509(string pem) =>
        System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(new KeyManager.Providers.Keys.CertificateTools().ReadAll(System.Text.Encoding.ASCII.GetBytes(pem), "root")[0].Der);
}
#endif
