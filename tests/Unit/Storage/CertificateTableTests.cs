using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Providers.Storage;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Storage;

public sealed class CertificateTableTests : IDisposable
{
    private readonly TestStore _test = new();

    private SqliteStore Store => _test.Store;

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Everything_in_a_certificate_comes_back()
    {
        PrivateKeyInfo key = Some.PrivateKey();
        CertificateOrder order = Some.Order();
        Certificate certificate = Some.Certificate() with
        {
            DomainNames = [DomainName.Parse("b.example"), DomainName.Parse("*.a.example"), DomainName.Parse("2001:db8::1")],
            PrivateKeyId = key.Id,
            OrderId = order.Id,
            Account = "Test account",
            Authority = "Local",
            KeystoreType = KeystoreType.Pem,
            Origin = OrderOrigin.Imported,
            Status = CertificateStatus.Revoked,
            RevokedAt = Some.Moment.AddDays(1).AddTicks(1),
            RevocationReason = RevocationReason.KeyCompromise,
        };

        Store.Write(s =>
        {
            s.PrivateKeys.Add(key);
            s.Orders.Add(order);
            s.Certificates.Add(certificate, [[1, 2], [3]]);
        });

        Assert.Equivalent(certificate, Store.Read(s => s.Certificates.Find(certificate.Id)), strict: true);
        Assert.Equal([[1, 2], [3]], Store.Read(s => s.Certificates.GetChain(certificate.Id)));
        Assert.Equal(certificate.Id, Store.Read(s => s.Certificates.FindBySha256(certificate.Sha256Thumbprint.ToLowerInvariant()))!.Id);
        Assert.Equal(certificate.Id, Store.Read(s => s.Certificates.FindCurrent("WWW.contoso.COM"))!.Id);
        Assert.Equal(certificate.LineageId, Store.Read(s => s.Certificates.FindLineage("Www.Contoso.com")));
        Assert.Null(Store.Read(s => s.Certificates.Find("nothing")));
        Assert.Null(Store.Read(s => s.Certificates.FindCurrent("nothing")));
        Assert.Empty(Store.Read(s => s.Certificates.GetChain("nothing")));
    }

    [Fact]
    public void The_same_certificate_or_name_twice_is_a_conflict()
    {
        Certificate certificate = Some.Certificate("Ärger.example");
        Store.Write(s => s.Certificates.Add(certificate, []));

        ConflictException same = Assert.Throws<ConflictException>(() =>
            Store.Write(s => s.Certificates.Add(Some.Certificate("other") with { Sha256Thumbprint = certificate.Sha256Thumbprint }, [])));
        ConflictException name = Assert.Throws<ConflictException>(() => Store.Write(s => s.Certificates.Add(Some.Certificate("äRGER.example"), [])));

        Assert.Equal(ErrorIds.CertificateAlreadyExists, same.ErrorId);
        Assert.Equal(ErrorIds.NameAlreadyExists, name.ErrorId);
        Assert.Equal(1, Store.Read(s => s.Certificates.CountCurrent()));
        Assert.Null(Store.Read(s => s.Certificates.FindLineage("other")));
    }

    [Fact]
    public void An_entry_has_one_current_version_and_the_others_are_its_history()
    {
        Certificate first = Some.Certificate();
        Certificate second = Some.Certificate(first.Name, first.LineageId, 2) with { IsCurrent = false, Status = CertificateStatus.Unsaved };
        Store.Write(s =>
        {
            s.Certificates.Add(first, []);
            s.Certificates.Add(second, []);
        });

        Assert.Equal(first.Id, Store.Read(s => s.Certificates.FindCurrent(first.Name))!.Id);
        Assert.Equal(2, Store.Read(s => s.Certificates.LastVersion(first.LineageId)));
        Assert.Equal(0, Store.Read(s => s.Certificates.LastVersion("nothing")));

        Store.Write(s =>
        {
            s.Certificates.MakeCurrent(second.Id);
            s.Certificates.Update(second with { Status = CertificateStatus.Valid });
        });

        Assert.Equal(second.Id, Store.Read(s => s.Certificates.FindCurrent(first.Name))!.Id);
        Assert.False(Store.Read(s => s.Certificates.Find(first.Id))!.IsCurrent);
        Assert.Equal(1, Store.Read(s => s.Certificates.CountCurrent()));
        Assert.Equal([second.Id, first.Id], Ids(new CertificateQuery { LineageId = first.LineageId, IncludeHistory = true }));
        Assert.Throws<NotFoundException>(() => Store.Write(s => s.Certificates.MakeCurrent("nothing")));
    }

    [Fact]
    public void Two_current_versions_are_refused_by_the_database_itself()
    {
        Certificate first = Some.Certificate();
        Store.Write(s =>
        {
            s.Certificates.Add(first, []);
            s.Certificates.Add(Some.Certificate(first.Name, first.LineageId, 2) with { IsCurrent = false }, []);
        });

        Exception e = Assert.ThrowsAny<Exception>(() => _test.Meddle("UPDATE certificates SET is_current = 1"));
        Assert.Contains("UNIQUE constraint failed: certificates.lineage_id", e.Message);
        e = Assert.ThrowsAny<Exception>(() => _test.Meddle("UPDATE certificates SET version = 1"));
        Assert.Contains("UNIQUE constraint failed", e.Message);
    }

    [Fact]
    public void A_record_read_before_a_renewal_does_not_turn_the_current_version_back()
    {
        Certificate first = Some.Certificate();
        Store.Write(s => s.Certificates.Add(first, []));
        Store.Write(s => s.Certificates.Add(Some.Certificate(first.Name, first.LineageId, 2), []));

        Store.Write(s => s.Certificates.Update(first with { Status = CertificateStatus.Revoked }));

        Assert.Equal(2, Store.Read(s => s.Certificates.FindCurrent(first.Name))!.Version);
        Assert.Equal(CertificateStatus.Revoked, Store.Read(s => s.Certificates.Find(first.Id))!.Status);
    }

    [Fact]
    public void Expired_is_derived_when_read_and_never_stored()
    {
        Certificate certificate = Some.Certificate(notAfter: Some.Moment.AddDays(10));
        Store.Write(s => s.Certificates.Add(certificate, []));

        _test.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(CertificateStatus.Valid, Store.Read(s => s.Certificates.Find(certificate.Id))!.Status);

        _test.Clock.Advance(TimeSpan.FromSeconds(1));
        Certificate expired = Store.Read(s => s.Certificates.Find(certificate.Id))!;
        Assert.Equal(CertificateStatus.Expired, expired.Status);
        Assert.Equal([certificate.Id], Ids(new CertificateQuery { Status = [CertificateStatus.Expired] }));
        Assert.Empty(Ids(new CertificateQuery { Status = [CertificateStatus.Valid] }));

        Store.Write(s => s.Certificates.Update(expired));
        _test.Clock.Advance(TimeSpan.FromDays(-5));
        Assert.Equal([certificate.Id], Ids(new CertificateQuery { Status = [CertificateStatus.Valid] }));
    }

    [Fact]
    public void Certificates_are_found_by_every_condition()
    {
        PrivateKeyInfo key = Some.PrivateKey();
        Certificate alpha = Some.Certificate("alpha.contoso.com", notAfter: Some.Moment.AddDays(30)) with { Account = "One", PrivateKeyId = key.Id, SerialNumber = "00AB12" };
        Certificate wildcard = Some.Certificate("*.contoso.com", notAfter: Some.Moment.AddDays(20)) with { Account = "two" };
        Certificate other = Some.Certificate("100%_o\\ther.example", notAfter: Some.Moment.AddDays(10)) with { DomainNames = [DomainName.Parse("x.example"), DomainName.Parse("y.example")] };
        Certificate history = Some.Certificate("alpha.contoso.com", alpha.LineageId, 2, Some.Moment.AddDays(5)) with { IsCurrent = false };
        Certificate unsaved = Some.Certificate("alpha.contoso.com", alpha.LineageId, 3) with { IsCurrent = false, Status = CertificateStatus.Unsaved };
        Store.Write(s =>
        {
            s.PrivateKeys.Add(key);
            foreach (Certificate certificate in (Certificate[])[alpha, wildcard, other, history, unsaved])
            {
                s.Certificates.Add(certificate, []);
            }
        });

        Assert.Equal([wildcard.Id, other.Id, alpha.Id], Ids(new CertificateQuery()));
        Assert.Equal([other.Id, wildcard.Id, alpha.Id], Ids(new CertificateQuery { SoonestExpiryFirst = true }));
        Assert.Equal([wildcard.Id, alpha.Id], Ids(new CertificateQuery { Name = "*.contoso.com" }));
        Assert.Equal([alpha.Id], Ids(new CertificateQuery { Name = "ALPHA.Contoso.com" }));
        Assert.Equal([alpha.Id], Ids(new CertificateQuery { Name = "al??a*" }));
        Assert.Equal([other.Id], Ids(new CertificateQuery { Name = "100%_O\\*" }));
        Assert.Equal([other.Id], Ids(new CertificateQuery { Name = "*%_o\\t*" }));
        Assert.Equal([alpha.Id], Ids(new CertificateQuery { Name = "[ab]lpha.contoso.com" }));
        Assert.Equal([alpha.Id], Ids(new CertificateQuery { Name = "al`pha*" }));
        Assert.Empty(Ids(new CertificateQuery { Name = "%contoso%" }));
        Assert.Empty(Ids(new CertificateQuery { Name = "a_pha*" }));
        Assert.Equal([other.Id], Ids(new CertificateQuery { DomainName = "Y.example" }));
        Assert.Equal([wildcard.Id], Ids(new CertificateQuery { DomainName = "*.contoso.com" }));
        Assert.Equal([alpha.Id], Ids(new CertificateQuery { Thumbprint = "\u200e" + string.Join(" ", alpha.Thumbprint.ToLowerInvariant().Chunk(2).Select(c => new string(c))) }));
        Assert.Equal([alpha.Id], Ids(new CertificateQuery { Thumbprint = string.Join(":", alpha.Sha256Thumbprint.Chunk(2).Select(c => new string(c))) }));
        Assert.Equal([alpha.Id], Ids(new CertificateQuery { SerialNumber = "ab:12" }));
        Assert.Equal([alpha.Id], Ids(new CertificateQuery { SerialNumber = "0AB12" }));
        Assert.Equal([other.Id], Ids(new CertificateQuery { ExpiresBefore = Some.Moment.AddDays(10) }));
        Assert.Equal([wildcard.Id], Ids(new CertificateQuery { ExpiresAfter = Some.Moment.AddDays(10), ExpiresBefore = Some.Moment.AddDays(20), SoonestExpiryFirst = true }));
        Assert.Equal([alpha.Id], Ids(new CertificateQuery { Account = "ONE" }));
        Assert.Equal([alpha.Id], Ids(new CertificateQuery { PrivateKeyId = key.Id }));
        Assert.Equal([unsaved.Id], Ids(new CertificateQuery { Status = [CertificateStatus.Unsaved] }));
        Assert.Equal([wildcard.Id, other.Id, unsaved.Id, alpha.Id], Ids(new CertificateQuery { Status = [CertificateStatus.Unsaved, CertificateStatus.Valid] }));
        Assert.Equal([history.Id, other.Id, wildcard.Id, alpha.Id], Ids(new CertificateQuery { IncludeHistory = true, SoonestExpiryFirst = true }));
        Assert.Equal([history.Id, alpha.Id], Ids(new CertificateQuery { IncludeHistory = true, Name = "alpha*" }));
        Assert.Equal([alpha.Id], Ids(new CertificateQuery { LineageId = alpha.LineageId }));
        Assert.Empty(Ids(new CertificateQuery { Status = [CertificateStatus.Revoked] }));
        Assert.Empty(Ids(new CertificateQuery { Thumbprint = "AB" }));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Pages_hold_every_certificate_once(bool soonestFirst, bool history)
    {
        List<Certificate> all = [];
        for (int entry = 0; entry < 12; entry++)
        {
            string lineage = Identifier.New();
            for (int version = 1; version <= 3; version++)
            {
                // Several with the same expiry, so that the identifier decides.
                all.Add(Some.Certificate($"entry{entry % 12:00}", lineage, version, Some.Moment.AddDays(version)) with { IsCurrent = version == 3 });
            }
        }

        Store.Write(s => all.ForEach(c => s.Certificates.Add(c, [])));
        IEnumerable<Certificate> wanted = all.Where(c => history || c.IsCurrent);
        string[] expected = soonestFirst
            ? [.. wanted.OrderBy(c => c.NotAfter).ThenBy(c => c.Id, StringComparer.Ordinal).Select(c => c.Id)]
            : [.. wanted.OrderBy(c => c.Name, StringComparer.Ordinal).ThenByDescending(c => c.Version).Select(c => c.Id)];

        List<string> seen = [];
        string? after = null;
        do
        {
            Page<Certificate> page = Store.Read(s => s.Certificates.Query(new CertificateQuery { SoonestExpiryFirst = soonestFirst, IncludeHistory = history }, after, 5));
            seen.AddRange(page.Items.Select(c => c.Id));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(expected, seen);
        Assert.Equal(expected, Store.Stream(new CertificateQuery { SoonestExpiryFirst = soonestFirst, IncludeHistory = history }).Select(c => c.Id));
    }

    [Fact]
    public void Chain_certificates_are_stored_once_and_go_with_the_last_that_needs_them()
    {
        byte[] root = [1], one = [2], two = [3];
        Certificate a = Some.Certificate("a"), b = Some.Certificate("b");
        Store.Write(s =>
        {
            s.Certificates.Add(a, [one, root]);
            s.Certificates.Add(b, [two, root]);
        });
        Assert.Equal(3, ChainCertificates());

        Assert.True(Store.Write(s => s.Certificates.Remove(a.Id)));
        Assert.Equal(2, ChainCertificates());
        Assert.Equal([two, root], Store.Read(s => s.Certificates.GetChain(b.Id)));

        Assert.True(Store.Write(s => s.Certificates.Remove(b.Id)));
        Assert.Equal(0, ChainCertificates());
    }

    [Fact]
    public void An_entry_goes_with_its_last_version_and_its_orders_stay()
    {
        Certificate first = Some.Certificate();
        Certificate second = Some.Certificate(first.Name, first.LineageId, 2);
        CertificateOrder order = Some.Order() with { LineageId = first.LineageId, CertificateId = second.Id, RenewsCertificateId = first.Id };
        Store.Write(s =>
        {
            s.Certificates.Add(first, []);
            s.Certificates.Add(second, []);
            s.Orders.Add(order);
        });

        Assert.True(Store.Write(s => s.Certificates.Remove(second.Id)));
        Assert.False(Store.Write(s => s.Certificates.Remove(second.Id)));
        Assert.Equal(first.LineageId, Store.Read(s => s.Certificates.FindLineage(first.Name)));
        Assert.Null(Store.Read(s => s.Certificates.FindCurrent(first.Name)));

        Assert.True(Store.Write(s => s.Certificates.Remove(first.Id)));
        Assert.Null(Store.Read(s => s.Certificates.FindLineage(first.Name)));
        CertificateOrder left = Store.Read(s => s.Orders.Find(order.Id))!;
        Assert.Null(left.LineageId);
        Assert.Null(left.CertificateId);
        Assert.Null(left.RenewsCertificateId);
        Assert.Empty(Store.CheckIntegrity());
    }

    [Fact]
    public void A_reference_to_nothing_is_refused_as_a_whole()
    {
        Certificate certificate = Some.Certificate() with { PrivateKeyId = "nothing" };

        Assert.Throws<InvalidOperationException>(() => Store.Write(s => s.Certificates.Add(certificate, [])));

        Assert.Null(Store.Read(s => s.Certificates.Find(certificate.Id)));
    }

    private string[] Ids(CertificateQuery query)
    {
        // A page of two, so that every condition is tried with a cursor as well.
        List<string> ids = [];
        string? after = null;
        do
        {
            Page<Certificate> page = Store.Read(s => s.Certificates.Query(query, after, 2));
            ids.AddRange(page.Items.Select(c => c.Id));
            after = page.Next;
        }
        while (after is not null);

        return [.. ids];
    }

    private long ChainCertificates() => Store.ReadDatabase(d => d.Number("SELECT COUNT(*) FROM chain_certificates"));
}
