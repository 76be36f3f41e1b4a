using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.X509;
using Org.BouncyCastle.X509.Extension;
using Xunit;

namespace KeyManager.Tests.Authorities;

/// <summary>The revocation lists of a private authority (RFC 5280 §5).</summary>
public sealed class LocalRevocationTests : IAsyncLifetime
{
    private readonly TestBench _bench = new();
    private AuthorityAccount _account = Some.Account();

    public async ValueTask InitializeAsync() =>
        _account = await _bench.AddAccountAsync("private", ("IssuingYears", "1"), ("MaxValidityDays", "200"), ("CrlUrl", "http://crl.contoso.com/lists/"));

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_revoked_certificate_is_on_the_list_with_its_reason()
    {
        Certificate compromised = await _bench.GetCertificateAsync("a.contoso.com");
        Certificate unspecified = await _bench.GetCertificateAsync("b.contoso.com");
        Certificate good = await _bench.GetCertificateAsync("c.contoso.com");
        await RevokeAsync(compromised, RevocationReason.KeyCompromise);
        await RevokeAsync(unspecified, RevocationReason.Unspecified);

        X509Crl list = Read(1);
        Assert.Equal(1, ReasonOf(list, compromised));
        Assert.NotNull(Entry(list, unspecified));
        Assert.Null(ReasonOf(list, unspecified)); // RFC 5280 §5.3.1: absent rather than "unspecified"
        Assert.Null(Entry(list, good));
        Assert.Equal(_bench.Clock.UtcNow.UtcDateTime, list.ThisUpdate.ToUniversalTime());
        Assert.Equal(_bench.Clock.UtcNow.AddDays(7).UtcDateTime, list.NextUpdate.Value.ToUniversalTime());
    }

    [Fact]
    public async Task The_list_is_there_from_the_first_certificate_on_and_OpenSSL_verifies_it()
    {
        await _bench.GetCertificateAsync("a.contoso.com");
        File.WriteAllBytes(_bench.File("issuing.pem"), _bench.Certificates.ToPem(_bench.Local.GetCertificates(_bench.Context(_account)).Skip(1)));
        (int exitCode, string output) = Peers.TryOpenSsl(_bench.Test.Folder, "crl", "-inform", "DER", "-in", ListPath(1), "-CAfile", _bench.File("issuing.pem"), "-noout", "-text");
        Assert.True(exitCode == 0, output);
        Assert.Contains("verify OK", output, StringComparison.Ordinal);
        Assert.Contains("No Revoked Certificates", output, StringComparison.Ordinal);
        Assert.DoesNotContain("DirName", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_number_grows()
    {
        Certificate certificate = await _bench.GetCertificateAsync("a.contoso.com");
        BigInteger before = NumberOf(Read(1));
        await RevokeAsync(certificate, RevocationReason.Superseded);
        Assert.True(NumberOf(Read(1)).CompareTo(before) > 0);
    }

    [Fact]
    public async Task The_list_of_an_older_issuing_authority_still_names_its_certificates()
    {
        Certificate old = await _bench.GetCertificateAsync(new OrderRequest { DomainNames = [DomainName.Parse("a.contoso.com")], ValidityDays = 200 });
        _bench.Clock.Advance(TimeSpan.FromDays(190));
        Certificate young = await _bench.GetCertificateAsync(new OrderRequest { DomainNames = [DomainName.Parse("b.contoso.com")], ValidityDays = 200 });
        Assert.NotEqual(old.Issuer, young.Issuer);
        await RevokeAsync(old, RevocationReason.CessationOfOperation);
        Assert.NotNull(Entry(Read(1), old));
        Assert.Null(Entry(Read(2), old));
    }

    [Fact]
    public async Task A_certificate_names_its_list_which_keeps_its_name_when_the_account_is_renamed()
    {
        Certificate certificate = await _bench.GetCertificateAsync("a.contoso.com");
        using System.Security.Cryptography.X509Certificates.X509Certificate2 leaf =
            System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(certificate.RawData);
        string points = System.Text.Encoding.ASCII.GetString(leaf.Extensions["2.5.29.31"]!.RawData);
        Assert.Contains("http://crl.contoso.com/lists/" + Path.GetFileName(ListPath(1)), points, StringComparison.Ordinal);

        await _bench.Services.ChangeAccount.UpdateAsync("private", "renamed", null, null, false, _bench.Reporter, CancellationToken.None);
        await RevokeAsync(_bench.Certificate(certificate.Id), RevocationReason.KeyCompromise);
        Assert.NotNull(Entry(Read(1), certificate));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_a_warning_and_the_revocation_is_stored()
    {
        Certificate certificate = await _bench.GetCertificateAsync("a.contoso.com");
        await SetCrlPathAsync(_bench.File("blocked"));
        Directory.Delete(_bench.File("blocked"));
        File.WriteAllText(_bench.File("blocked"), "a file where a folder is wanted");
        Certificate revoked = await RevokeAsync(certificate, RevocationReason.KeyCompromise);
        Assert.Equal(CertificateStatus.Revoked, revoked.Status);
        Assert.Contains(_bench.Reporter.Warnings, w => w.Contains("revocation list could not be written", StringComparison.Ordinal));

        await SetCrlPathAsync("");
        await _bench.Services.ChangeAccount.TestAsync("private", _bench.Reporter, CancellationToken.None);
        Assert.NotNull(Entry(Read(1), certificate));
    }

    [Fact]
    public async Task The_folder_that_the_account_names_is_made_for_a_web_server_to_read()
    {
        string folder = _bench.File("web", "crl");
        await SetCrlPathAsync(folder);
        Assert.True(Directory.Exists(folder));
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode ReadableByAll = UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
            Assert.Equal(ReadableByAll, File.GetUnixFileMode(folder) & ReadableByAll);
        }

        await _bench.GetCertificateAsync("a.contoso.com");
        Assert.True(File.Exists(Path.Combine(folder, $"{_account.Id}-1.crl")));
        Assert.Empty(_bench.Reporter.Warnings);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_an_error_and_the_account_stays_as_it_was()
    {
        File.WriteAllText(_bench.File("blocked"), "a file where a folder is wanted");
        DeploymentException e = await Assert.ThrowsAsync<DeploymentException>(() => SetCrlPathAsync(_bench.File("blocked", "crl")));
        Assert.Equal((ErrorIds.FileNotWritable, _bench.File("blocked", "crl")), (e.ErrorId, e.Target));
        Assert.NotNull(e.Remedy);
        Assert.Equal("CrlPath", (await Assert.ThrowsAsync<InvalidRequestException>(() => SetCrlPathAsync("crl"))).Target);
        Assert.False(_bench.Services.Inventory.ResolveAccount("private").Settings.ContainsKey("CrlPath"));
        await Assert.ThrowsAsync<DeploymentException>(() => _bench.AddAccountAsync("other", ("CrlPath", _bench.File("blocked"))));
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_not_revoked()
    {
        Certificate foreign = Some.Certificate() with { Account = "private" };
        AuthorityException e = await Assert.ThrowsAsync<AuthorityException>(
            () => _bench.Local.RevokeAsync(_bench.Context(_account), foreign, RevocationReason.Unspecified, null, CancellationToken.None));
        Assert.Contains("has not issued", e.Message, StringComparison.Ordinal);
    }

    private Task<AuthorityAccount> SetCrlPathAsync(string folder) => _bench.Services.ChangeAccount.UpdateAsync(
        "private", null, null, new Dictionary<string, string> { ["CrlPath"] = folder }, false, _bench.Reporter, CancellationToken.None);

    private static X509CrlEntry? Entry(X509Crl list, Certificate certificate) => list.GetRevokedCertificate(new BigInteger(certificate.SerialNumber, 16));

    private static int? ReasonOf(X509Crl list, Certificate certificate) => Entry(list, certificate)?.GetExtensionValue(X509Extensions.ReasonCode) is Asn1OctetString value
        ? DerEnumerated.GetInstance(X509ExtensionUtilities.FromExtensionValue(value)).IntValueExact
        : null;

    private static BigInteger NumberOf(X509Crl list) => DerInteger.GetInstance(X509ExtensionUtilities.FromExtensionValue(list.GetExtensionValue(X509Extensions.CrlNumber))).Value;

    private Task<Certificate> RevokeAsync(Certificate certificate, RevocationReason reason) =>
        _bench.Services.RevokeCertificate.RunAsync(certificate.Id, reason, null, _bench.Reporter, CancellationToken.None);

    private string ListPath(int issuing) => Path.Combine(_bench.CrlFolder, $"{_account.Id}-{issuing}.crl");

    private X509Crl Read(int issuing) => new X509CrlParser().ReadCrl(File.ReadAllBytes(ListPath(issuing)));
}
