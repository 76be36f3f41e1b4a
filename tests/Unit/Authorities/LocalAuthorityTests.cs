using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Authorities;

/// <summary>The built-in private authority: the contract, and what its certificates say.</summary>
public sealed class LocalAuthorityTests : AuthorityContract
{
    private const string AuthorityKeyIdentifier = "2.5.29.35";

    protected override ICertificateAuthority Authority => Bench.Local;

    [Theory]
    [InlineData(KeyAlgorithm.Ecdsa, 256)]
    [InlineData(KeyAlgorithm.Ecdsa, 384)]
    [InlineData(KeyAlgorithm.Ecdsa, 521)]
    [InlineData(KeyAlgorithm.Rsa, 2048)]
    [InlineData(KeyAlgorithm.Ed25519, 256)]
    public async Task Every_kind_of_key_gets_a_certificate_that_verifies_up_to_the_root(KeyAlgorithm algorithm, int length)
    {
        IssuedCertificate issued = await IssueNowAsync(NewOrder(KeySpec.Create(algorithm, length), "www.contoso.com"));
        AssertVerifies(issued);
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(issued.Leaf);
        X509KeyUsageFlags expected = algorithm == KeyAlgorithm.Rsa ? X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.DigitalSignature;
        Assert.Equal(expected, leaf.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
    }

    [Fact]
    public async Task An_authority_with_RSA_keys_issues_too()
    {
        AuthorityContext rsa = Bench.Context(await Bench.AddAccountAsync("rsa", ("KeyAlgorithm", "Rsa"), ("KeyLength", "2048")));
        Certificate certificate = await Bench.GetCertificateAsync(new OrderRequest { DomainNames = [DomainName.Parse("www.contoso.com")], Account = "rsa" });
        Assert.Equal("SHA256withRSA", certificate.SignatureAlgorithm);
        AssertVerifies(new IssuedCertificate(certificate.RawData, Bench.Local.GetCertificates(rsa)));
    }

#if NET // what .NET Framework cannot judge
    [Fact]
    public async Task A_server_certificate_says_what_clients_look_for()
    {
        IssuedCertificate issued = await IssueNowAsync(NewOrder("www.contoso.com", "*.contoso.com", "192.0.2.7", "2001:db8::7"));
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(issued.Leaf);
        X509SubjectAlternativeNameExtension names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal("CN=www.contoso.com", leaf.Subject);
        Assert.False(names.Critical);
        Assert.Equal(["*.contoso.com", "www.contoso.com"], names.EnumerateDnsNames().Order());
        Assert.Equal(["192.0.2.7", "2001:db8::7"], names.EnumerateIPAddresses().Select(a => a.ToString()).Order());
        Assert.Equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"], leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Select(o => o.Value));
        X509BasicConstraintsExtension constraints = leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        Assert.True(constraints.Critical);
        Assert.False(constraints.CertificateAuthority);
        Assert.True(leaf.Extensions.OfType<X509KeyUsageExtension>().Single().Critical);
        Assert.Null(leaf.Extensions.FirstOrDefault(e => e.Oid?.Value == "2.5.29.31"));
    }

    [Fact]
    public async Task A_certificate_for_addresses_alone_has_no_subject_and_critical_names()
    {
        IssuedCertificate issued = await IssueNowAsync(NewOrder("192.0.2.7"));
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(issued.Leaf);
        Assert.Equal("", leaf.Subject);
        Assert.True(leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().Critical);
        AssertVerifies(issued);
    }

    [Fact]
    public async Task A_name_too_long_for_the_subject_stands_in_the_alternative_names_only()
    {
        string name = string.Join('.', Enumerable.Repeat("abcdefghijklm", 5)) + ".contoso.com";
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate((await IssueNowAsync(NewOrder(name))).Leaf);
        Assert.Equal("", leaf.Subject);
        Assert.True(leaf.MatchesHostname(name));
    }

    [Fact]
    public async Task Issuers_are_named_by_key_identifier_only()
    {
        IssuedCertificate issued = await IssueNowAsync(NewOrder("www.contoso.com"));
        foreach (byte[] der in new[] { issued.Leaf, issued.Chain[0] })
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            X509AuthorityKeyIdentifierExtension extension = new(certificate.Extensions[AuthorityKeyIdentifier]!.RawData);
            Assert.NotNull(extension.KeyIdentifier);
            Assert.Null(extension.NamedIssuer);
            Assert.Null(extension.SerialNumber);
        }

        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(issued.Leaf);
        using X509Certificate2 issuer = X509CertificateLoader.LoadCertificate(issued.Chain[0]);
        Assert.Equal(
            issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray(),
            new X509AuthorityKeyIdentifierExtension(leaf.Extensions[AuthorityKeyIdentifier]!.RawData).KeyIdentifier!.Value.ToArray());
    }
#endif

    [Fact]
    public async Task Without_a_wish_a_certificate_lives_90_days_and_with_one_as_long_as_asked()
    {
        CertificateContent usual = Bench.Certificates.Parse((await IssueNowAsync(NewOrder("www.contoso.com"))).Leaf);
        CertificateContent asked = Bench.Certificates.Parse((await IssueNowAsync(NewOrder("www.contoso.com") with { ValidityDays = 7 })).Leaf);
        Assert.Equal(Bench.Clock.UtcNow.AddDays(90), usual.NotAfter);
        Assert.Equal(Bench.Clock.UtcNow.AddDays(7), asked.NotAfter);
        CertificateContent ended = Bench.Certificates.Parse((await IssueNowAsync(NewOrder("www.contoso.com") with { NotAfter = Bench.Clock.UtcNow.AddHours(5) })).Leaf);
        Assert.Equal(Bench.Clock.UtcNow.AddHours(5), ended.NotAfter);
        Assert.True(usual.NotBefore <= Bench.Clock.UtcNow);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(399)]
    public void A_life_beyond_the_limit_of_the_account_is_refused(int days)
    {
        InvalidRequestException e = Assert.Throws<InvalidRequestException>(() => Authority.Check(Context, NewOrder("www.contoso.com") with { ValidityDays = days }));
        Assert.Contains("1 to 398 days", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_end_beyond_the_limit_of_the_account_is_refused()
    {
        Authority.Check(Context, NewOrder("www.contoso.com") with { NotAfter = Bench.Clock.UtcNow.AddDays(398) });
        InvalidRequestException e = Assert.Throws<InvalidRequestException>(() => Authority.Check(Context, NewOrder("www.contoso.com") with { NotAfter = Bench.Clock.UtcNow.AddDays(399) }));
        Assert.Contains("at most 398 days", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serial_numbers_are_long_and_never_repeat()
    {
        List<string> serials = [];
        for (int i = 0; i < 20; i++)
        {
            serials.Add(Bench.Certificates.Parse((await IssueNowAsync(NewOrder($"www{i}.contoso.com"))).Leaf).SerialNumber);
        }

        Assert.Equal(20, serials.Distinct().Count());
        Assert.All(serials, s => Assert.Equal(32, s.Length));
    }

    [Theory]
    [InlineData("contoso.com", "contoso.com", true)]
    [InlineData("contoso.com", "www.contoso.com", true)]
    [InlineData("contoso.com", "*.contoso.com", true)]
    [InlineData("contoso.com", "badcontoso.com", false)]
    [InlineData("contoso.com", "contoso.com.example", false)]
    [InlineData("*.contoso.com", "www.contoso.com", true)]
    [InlineData("contoso.com", "10.0.0.1", false)]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.0.0.0/8", "www.contoso.com", false)]
    [InlineData("192.0.2.128/25", "192.0.2.127", false)]
    [InlineData("192.0.2.128/25", "192.0.2.200", true)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::5", true)]
    [InlineData("2001:db8::/32", "2001:db9::5", false)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("fabrikam.com, contoso.com", "www.contoso.com", true)]
    [InlineData("*", "anything.example", true)]
    [InlineData("*", "192.0.2.1", true)]
    [InlineData("bücher.example", "www.xn--bcher-kva.example", true)]
    public async Task AllowedNames_decides_what_it_issues_for(string setting, string name, bool allowed)
    {
        AuthorityContext context = Bench.Context(await Bench.AddAccountAsync("limited", ("AllowedNames", setting)));
        void Check() => Authority.Check(context, Some.Order("order", name));
        if (allowed)
        {
            Check();
        }
        else
        {
            InvalidRequestException e = Assert.Throws<InvalidRequestException>(Check);
            Assert.Equal(ErrorIds.NameNotAllowed, e.ErrorId);
            Assert.Contains(setting, e.Remedy, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("AllowedNames", "10.0.0.0/33")]
    [InlineData("AllowedNames", "not a name")]
    [InlineData("CrlUrl", "file:///tmp")]
    [InlineData("KeyLength", "1024")]
    [InlineData("Validation", "Telepathy")]
    [InlineData("Colour", "blue")]
    public async Task A_setting_that_makes_no_sense_is_refused_when_the_account_is_made(string name, string value)
    {
        await Assert.ThrowsAsync<InvalidRequestException>(() => Bench.AddAccountAsync("new", (name, value)));
        Assert.Null(Bench.Store.Read(s => s.Accounts.FindByName("new")));
    }

    [Fact]
    public async Task A_new_issuing_authority_comes_in_time_and_the_old_certificates_stay_good()
    {
        AuthorityContext context = Bench.Context(await Bench.AddAccountAsync("short", ("IssuingYears", "1"), ("MaxValidityDays", "200")));
        Certificate before = await OrderAsync("short", "a.contoso.com");
        Bench.Clock.Advance(TimeSpan.FromDays(300));
        Certificate after = await OrderAsync("short", "b.contoso.com");
        Assert.Equal("CN=short Issuing CA 1", before.Issuer);
        Assert.Equal("CN=short Issuing CA 2", after.Issuer);
        IReadOnlyList<byte[]> authorities = Bench.Local.GetCertificates(Bench.Context(context.Account));
        Assert.Equal(3, authorities.Count);
        AssertVerifies(new IssuedCertificate(after.RawData, authorities));
        AssertVerifies(new IssuedCertificate(before.RawData, authorities), before.NotAfter.AddDays(-1));
        Assert.Contains(Bench.Audit(), a => a.Action == "IssuingAuthorityCreated");
    }

    [Fact]
    public async Task A_root_that_ends_too_soon_is_said_clearly()
    {
        await Bench.AddAccountAsync("old", ("RootYears", "1"));
        Bench.Clock.Advance(TimeSpan.FromDays(300));
        CertificateOrder order = await Bench.PlaceAsync(new OrderRequest { DomainNames = [DomainName.Parse("www.contoso.com")], Account = "old" });
        AuthorityException e = await Assert.ThrowsAsync<AuthorityException>(() => Bench.CompleteAsync(order));
        Assert.Contains("cannot issue until", e.Message, StringComparison.Ordinal);
        Assert.Contains("-ValidityDays", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_own_key_kind_cannot_be_changed_afterwards_not_even_when_it_was_the_default()
    {
        AuthorityAccount account = await Bench.AddAccountAsync("fixed");
        Task Change(string value) => Bench.Services.ChangeAccount.UpdateAsync(
            account.Id, null, null, new Dictionary<string, string> { ["KeyAlgorithm"] = value }, false, Bench.Reporter, CancellationToken.None);
        InvalidRequestException e = await Assert.ThrowsAsync<InvalidRequestException>(() => Change("Rsa"));
        Assert.Equal(ErrorIds.InvalidSetting, e.ErrorId);
        await Change("ecdsa");
        Assert.NotNull(await OrderAsync("fixed", "www.contoso.com"));
    }

    [Fact]
    public async Task Nothing_is_issued_before_control_is_proved()
    {
        AuthorityContext context = Bench.Context(await Bench.AddAccountAsync("checked", ("Validation", "Http01")));
        CertificateOrder order = NewOrder("www.contoso.com") with { AccountId = context.Account.Id };
        order = Took(order, await Bench.Local.PlaceAsync(context, order, CancellationToken.None));
        Assert.Equal(OrderStatus.PendingValidation, order.Status);
        await Assert.ThrowsAsync<AuthorityException>(() => Bench.Local.FinalizeAsync(context, order, CancellationToken.None));
        await Assert.ThrowsAsync<AuthorityException>(() => Bench.Local.DownloadAsync(context, order, CancellationToken.None));
    }

    [Fact]
    public async Task Test_tells_what_is_there_and_misses_a_lost_key()
    {
        Assert.Contains("issuing authorities (1)", await Bench.Services.ChangeAccount.TestAsync("private", Bench.Reporter, CancellationToken.None), StringComparison.Ordinal);
        Bench.Store.Write(s =>
        {
            s.Secrets.RemoveAll("account", Context.Account.Id);
            return true;
        });
        KeyMaterialException e = await Assert.ThrowsAsync<KeyMaterialException>(() => Bench.Services.ChangeAccount.TestAsync("private", Bench.Reporter, CancellationToken.None));
        Assert.Contains("backup", e.Remedy, StringComparison.Ordinal);
    }

    protected override async Task<AuthorityContext> ConnectAsync() => Bench.Context(await Bench.AddAccountAsync());

    protected override CertificateOrder Impossible(CertificateOrder order) => order with { ValidityDays = 100_000 };

    private async Task<IssuedCertificate> IssueNowAsync(CertificateOrder order) =>
        await Authority.DownloadAsync(Context, await IssueAsync(order), CancellationToken.None);

    private Task<Certificate> OrderAsync(string account, string name) =>
        Bench.GetCertificateAsync(new OrderRequest { DomainNames = [DomainName.Parse(name)], Account = account });

    private void AssertVerifies(IssuedCertificate issued, DateTimeOffset? at = null)
    {
        DateTimeOffset moment = at ?? Bench.Clock.UtcNow;
        byte[] root = issued.Chain.Single(der => Bench.Certificates.Parse(der).IsSelfSigned);
#if NET // .NET Framework takes no roots but those of the machine
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = moment.UtcDateTime;
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(root));
        foreach (byte[] der in issued.Chain)
        {
            chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(der));
        }

        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(issued.Leaf);
        Assert.True(chain.Build(leaf), string.Join("; ", chain.ChainStatus.Select(s => s.StatusInformation)));
        Assert.Equal(3, chain.ChainElements.Count);
#endif

        string prefix = Bench.File(Identifier.New());
        File.WriteAllBytes(prefix + ".root", Bench.Certificates.ToPem([root]));
        File.WriteAllBytes(prefix + ".others", Bench.Certificates.ToPem(issued.Chain));
        File.WriteAllBytes(prefix + ".leaf", Bench.Certificates.ToPem([issued.Leaf]));
        (int exitCode, string output) = Peers.TryOpenSsl(
            Bench.Test.Folder, "verify", "-x509_strict", "-purpose", "sslserver", "-attime", moment.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            "-CAfile", prefix + ".root", "-untrusted", prefix + ".others", prefix + ".leaf");
        Assert.True(exitCode == 0, output);
    }
}
