using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Storage;

/// <summary>Accounts, keys, requests, settings, leases and what a built-in authority issued.</summary>
public sealed class SmallTablesTests : IDisposable
{
    private readonly TestStore _test = new();

    private IStore Store => _test.Store;

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Everything_in_an_account_comes_back()
    {
        AuthorityAccount account = Some.Account("Büro") with
        {
            Environment = AuthorityEnvironment.Staging,
            Status = AccountStatus.Deactivated,
            IsDefault = true,
            Contact = ["a@contoso.com", "b@contoso.com"],
            AuthorityAccountId = "https://ca.example/acct/1",
            Settings = new Dictionary<string, string> { ["KeyId"] = "k", ["since"] = "2026-01-01T00:00:00Z" },
            AuthorityData = "{}",
        };
        Store.Write(s => s.Accounts.Add(account));

        Assert.Equivalent(account, Store.Read(s => s.Accounts.Find(account.Id)), strict: true);
        Assert.Equal(account.Id, Store.Read(s => s.Accounts.FindByName("BÜRO"))!.Id);
        Assert.Null(Store.Read(s => s.Accounts.FindByName("nobody")));
    }

    [Fact]
    public void Only_one_account_is_the_default()
    {
        AuthorityAccount first = Some.Account("b") with { IsDefault = true };
        AuthorityAccount second = Some.Account("a") with { IsDefault = true };
        Store.Write(s =>
        {
            s.Accounts.Add(first);
            s.Accounts.Add(second);
        });
        Assert.Equal([("a", true), ("b", false)], Accounts());

        Store.Write(s => s.Accounts.MakeDefault(first.Id));
        Store.Write(s => s.Accounts.Update(second with { Contact = ["x@contoso.com"] }));

        Assert.Equal([("a", false), ("b", true)], Accounts());
        Assert.Throws<NotFoundException>(() => Store.Write(s => s.Accounts.MakeDefault("nothing")));
        Assert.Equal([("a", false), ("b", true)], Accounts());
    }

    [Fact]
    public void The_name_of_an_account_is_taken_once()
    {
        AuthorityAccount first = Some.Account("One"), second = Some.Account("Two");
        Store.Write(s =>
        {
            s.Accounts.Add(first);
            s.Accounts.Add(second);
        });

        Assert.Equal(ErrorIds.AccountAlreadyExists, Assert.Throws<ConflictException>(() => Store.Write(s => s.Accounts.Add(Some.Account("ONE")))).ErrorId);
        Assert.Equal(ErrorIds.AccountAlreadyExists, Assert.Throws<ConflictException>(() => Store.Write(s => s.Accounts.Update(second with { Name = "one" }))).ErrorId);
        Store.Write(s => s.Accounts.Update(first with { Name = "ONE" }));
        Assert.True(Store.Write(s => s.Accounts.Remove(first.Id)));
        Assert.False(Store.Write(s => s.Accounts.Remove(first.Id)));
        Assert.Equal(ErrorIds.AccountNotFound, Assert.Throws<NotFoundException>(() => Store.Write(s => s.Accounts.Update(first))).ErrorId);
    }

    [Fact]
    public void Keys_come_back_are_found_and_know_who_uses_them()
    {
        PrivateKeyInfo key = Some.PrivateKey() with { KeySpec = KeySpec.Create(KeyAlgorithm.Ecdsa, 521), Origin = OrderOrigin.Imported };
        PrivateKeyInfo newer = Some.PrivateKey("*.contoso.com") with { CreatedAt = Some.Moment.AddDays(1), KeySpec = KeySpec.Create(KeyAlgorithm.Ed25519) };
        CertificateSigningRequest csr = Some.Csr() with { PrivateKeyId = key.Id };
        Store.Write(s =>
        {
            s.PrivateKeys.Add(key);
            s.PrivateKeys.Add(newer);
        });

        Assert.Equal(key, Store.Read(s => s.PrivateKeys.Find(key.Id)));
        Assert.Equal(key, Store.Read(s => s.PrivateKeys.FindByPublicKeyHash(key.PublicKeyHash.ToLowerInvariant())));
        Assert.Equal([newer, key], Store.Read(s => s.PrivateKeys.Query("*contoso.com", null, 10)).Items);
        Assert.Equal([key], Store.Read(s => s.PrivateKeys.Query("WWW.contoso.com", null, 10)).Items);
        Page<PrivateKeyInfo> first = Store.Read(s => s.PrivateKeys.Query(null, null, 1));
        Assert.Equal([newer], first.Items);
        Assert.Equal([key], Store.Read(s => s.PrivateKeys.Query(null, first.Next, 1)).Items);

        Assert.False(Store.Read(s => s.PrivateKeys.IsInUse(key.Id)));
        Store.Write(s => s.Csrs.Add(csr));
        Assert.True(Store.Read(s => s.PrivateKeys.IsInUse(key.Id)));

        Assert.True(Store.Write(s => s.PrivateKeys.Remove(key.Id)));
        Assert.False(Store.Write(s => s.PrivateKeys.Remove(key.Id)));
        Assert.Null(Store.Read(s => s.Csrs.Find(csr.Id))!.PrivateKeyId);
    }

    [Fact]
    public void Requests_come_back_and_their_names_are_taken_once()
    {
        CertificateSigningRequest request = Some.Csr();
        Store.Write(s => s.Csrs.Add(request));

        Assert.Equivalent(request, Store.Read(s => s.Csrs.FindByName("www.CONTOSO.com")), strict: true);
        Assert.Equal(request.Id, Store.Read(s => s.Csrs.Query("www.*", null, 10)).Items.Single().Id);
        Assert.Equal(ErrorIds.NameAlreadyExists, Assert.Throws<ConflictException>(() => Store.Write(s => s.Csrs.Add(Some.Csr()))).ErrorId);
        Assert.True(Store.Write(s => s.Csrs.Remove(request.Id)));
        Assert.Null(Store.Read(s => s.Csrs.FindByName("www.contoso.com")));
    }

    [Fact]
    public void Settings_are_put_replaced_and_removed_whatever_their_letter_case()
    {
        Store.Write(s =>
        {
            s.Settings.Put("AutoSave", "true");
            s.Settings.Put("autosave", "false");
            s.Settings.Put("Ähnlich", "");
        });

        Assert.Equal("false", Store.Read(s => s.Settings.Find("AUTOSAVE")));
        Assert.Equal(2, Store.Read(s => s.Settings.List()).Count);
        Assert.Equal("false", Store.Read(s => s.Settings.List())["AutoSave"]);
        Assert.True(Store.Write(s => s.Settings.Remove("AutoSave")));
        Assert.False(Store.Write(s => s.Settings.Remove("AutoSave")));
        Assert.Null(Store.Read(s => s.Settings.Find("AutoSave")));
    }

    [Fact]
    public void A_lease_is_held_by_one_until_it_is_given_back_or_runs_out()
    {
        ILeases leases = Store.Leases;
        TimeSpan minute = TimeSpan.FromMinutes(1);

        Assert.True(leases.TryAcquire("order:1", "me", minute));
        Assert.True(leases.TryAcquire("order:1", "me", minute));
        Assert.False(leases.TryAcquire("order:1", "you", minute));
        Assert.True(leases.TryAcquire("order:2", "you", minute));
        Assert.False(leases.Renew("order:1", "you", minute));

        _test.Clock.Advance(TimeSpan.FromSeconds(50));
        Assert.True(leases.Renew("order:1", "me", minute));
        _test.Clock.Advance(TimeSpan.FromSeconds(50));
        Assert.False(leases.TryAcquire("order:1", "you", minute));

        _test.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(leases.Renew("order:1", "me", minute));
        Assert.True(leases.TryAcquire("order:1", "you", minute));

        Assert.Equal(["order:1"], leases.ListHeld("order:")); // that of 2 ran out
        Assert.Equal(["order:1"], leases.ListHeld("order:1"));
        Assert.Empty(leases.ListHeld("order:1%"));
        Assert.Empty(leases.ListHeld("account:"));

        leases.Release("order:1", "me");
        Assert.False(leases.TryAcquire("order:1", "me", minute));
        leases.Release("order:1", "you");
        Assert.True(leases.TryAcquire("order:1", "me", minute));
    }

    [Fact]
    public void The_ledger_keeps_one_certificate_per_order_and_counts_revocation_lists()
    {
        IssuedRecord record = new() { AccountId = "a", SerialNumber = "0A", OrderId = "o1", NotAfter = Some.Moment, Der = [1] };
        Store.Write(s => s.Issued.Add(record));

        Assert.Equivalent(record, Store.Read(s => s.Issued.FindByOrder("a", "o1")), strict: true);
        Assert.Equivalent(record, Store.Read(s => s.Issued.FindBySerial("a", "0a")), strict: true);
        Assert.Null(Store.Read(s => s.Issued.FindByOrder("b", "o1")));
        Assert.Equal(
            ErrorIds.CertificateAlreadyExists,
            Assert.Throws<ConflictException>(() => Store.Write(s => s.Issued.Add(record with { SerialNumber = "0B" }))).ErrorId);

        Assert.Empty(Store.Read(s => s.Issued.ListRevoked("a")));
        IssuedRecord revoked = record with { RevokedAt = Some.Moment, Reason = RevocationReason.Superseded };
        Store.Write(s => s.Issued.Update(revoked));
        Assert.Equivalent(revoked, Store.Read(s => s.Issued.ListRevoked("a")).Single(), strict: true);
        Assert.Throws<NotFoundException>(() => Store.Write(s => s.Issued.Update(record with { SerialNumber = "0C" })));

        Assert.Equal([1L, 2L], [Store.Write(s => s.Issued.NextCrlNumber("a")), Store.Write(s => s.Issued.NextCrlNumber("a"))]);
        Assert.Equal(1, Store.Write(s => s.Issued.NextCrlNumber("b")));
    }

    private IEnumerable<(string Name, bool IsDefault)> Accounts() => Store.Read(s => s.Accounts.List()).Select(a => (a.Name, a.IsDefault));
}
