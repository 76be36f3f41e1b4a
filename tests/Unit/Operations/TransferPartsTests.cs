using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.Operations;
using KeyManager.Providers.Storage;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class TransferPartsTests : IDisposable
{
    private static readonly byte[] Passphrase = Encoding.UTF8.GetBytes("four random words indeed");

    private readonly TestBench _here = new();
    private readonly TestBench _there = new();

    private string FilePath => _here.File("parts", "all.km");

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
    }

    [Fact]
    public async Task Everything_goes_over_whole_and_a_second_time_changes_nothing()
    {
        await FillAsync();
        Export();

        IReadOnlyList<StoreTransfer> first = Import();

        Assert.All(first, t => Assert.Equal(TransferOutcome.Added, t.Outcome));
        Assert.Equal(Enum.GetValues(typeof(StorePart)).Cast<StorePart>().ToList(), first.Select(t => t.Part).Distinct().OrderBy(p => p).ToList());
        Certificate before = _here.Listed().Single();
        Certificate after = _there.Listed().Single();
        Assert.Equal((before.Name, before.Version, before.Sha256Thumbprint, before.OrderId), (after.Name, after.Version, after.Sha256Thumbprint, after.OrderId));
        Assert.Equal(["shop"], after.Tags);
        Assert.Equal(_here.Key(before.PrivateKeyId!).Pkcs8, _there.Key(after.PrivateKeyId!).Pkcs8);
        Assert.Equal(2, _there.Services.Inventory.History(before.Name).Count());
        Assert.Equal(_here.Store.Read(s => s.Certificates.GetChain(before.Id)), _there.Store.Read(s => s.Certificates.GetChain(after.Id)));
        Assert.Equal("dns secret", Text(_there.Store.Read(s => s.Secrets.Get(SecretRef.DnsAccount(s.DnsAccounts.FindByName("zone")!.Id, "Key"))!)));
        Assert.Empty(_there.Store.CheckIntegrity());

        string audit = _there.Audit()[0].Hash;
        Assert.All(Import(), t => Assert.Equal(TransferOutcome.Same, t.Outcome));
        Assert.Equal(audit, _there.Audit()[0].Hash);
    }

    [Fact]
    public void What_is_known_by_its_details_only_goes_over_once()
    {
        _here.Services.ImportCertificateList.Run(new("list.csv", 1, ["www.test", "0A", "01-01-2026", "02-01-2027", "Contoso CA"]), LabelChange.None);
        Export();
        Assert.Equal(TransferOutcome.Added, Import().Single(t => t.Part == StorePart.Certificates).Outcome);
        Assert.Equal(TransferOutcome.Same, Import().Single(t => t.Part == StorePart.Certificates).Outcome);
        Certificate there = _there.Listed().Single();
        Assert.Equal((true, "0A", "CN=Contoso CA"), (there.IsDetailsOnly, there.SerialNumber, there.Issuer));
    }

    [Fact]
    public async Task What_comes_is_not_renewed_here_unless_one_says_so()
    {
        await FillAsync();
        Export();

        IReadOnlyList<StoreTransfer> taken = Import();

        Assert.False(_there.Store.Read(s => s.RenewalPolicies.List()).Single().IsEnabled);
        Assert.Contains("switched off", taken.Single(t => t.Part == StorePart.RenewalPolicies).Reason);
        Assert.Contains("not renewed here", taken.Single(t => t.Part == StorePart.Certificates).Reason);
        _there.Clock.Advance(TimeSpan.FromDays(85));
        Assert.Empty(await _there.SweepAsync());

        using TestBench moved = new();
        Import(moved, new TransferOptions { EnablesRenewal = true });
        Assert.True(moved.Store.Read(s => s.RenewalPolicies.List()).Single().IsEnabled);
        moved.Clock.Advance(TimeSpan.FromDays(85));
        Assert.Equal(RenewalOutcome.Renewed, Assert.Single(await moved.SweepAsync()).Outcome);
    }

    [Fact]
    public async Task An_order_that_is_open_stays_where_it_was_placed()
    {
        await FillAsync();
        Certificate current = _here.Listed().Single();
        _here.Store.Write(s => s.Orders.Add(Some.Order(current.Name) with { Id = "openorder", LineageId = current.LineageId, RenewsCertificateId = current.Id, Status = OrderStatus.Processing, AcceptsCharges = true }));

        Export();
        Import();

        Assert.Contains(_here.Reporter.Warnings, w => w.Contains("openorder") && w.Contains("stays"));
        Assert.Equal(2, _there.Orders().Count);
        Assert.DoesNotContain(_there.Orders(), o => o.IsOpen || o.Id == "openorder");

        // A whole backup holds it; taking parts of that does not bring it either.
        string backup = _here.File("backup.db");
        _here.Store.Backup(backup, [new KeyProtectorRequest(KeyProtectorKind.Passphrase, Passphrase: Passphrase)], SilentReporter.Instance, CancellationToken.None);
        using TestBench third = new();
        Import(third, new TransferOptions(), backup);
        Assert.DoesNotContain(third.Orders(), o => o.IsOpen);
    }

    [Fact]
    public async Task Chosen_certificates_come_alone_and_say_what_they_miss()
    {
        await FillAsync();
        await _here.GetCertificateAsync("other.contoso.com");

        Export(new TransferOptions { LineageIds = [_here.Listed().Single(c => c.Name == "www.contoso.com").LineageId] });
        StoreTransfer taken = Assert.Single(Import());

        Assert.Equal((StorePart.Certificates, "www.contoso.com", TransferOutcome.Added), (taken.Part, taken.Name, taken.Outcome));
        Assert.Contains("no account 'private'", taken.Reason);
        Certificate after = Assert.Single(_there.Listed());
        Assert.Null(after.OrderId);
        Assert.True(after.HasPrivateKey);
        Assert.Empty(_there.Orders());
        Assert.Empty(_there.Store.Read(s => s.Accounts.List()));
    }

    [Fact]
    public async Task What_is_here_already_is_left_alone_replaced_or_an_error_as_one_says_and_nothing_newer_is_lost()
    {
        await FillAsync();
        Export();
        Import();
        _here.Clock.Advance(TimeSpan.FromHours(1));
        DnsAccount Change(TestBench bench, string server) => bench.Store.Write(s =>
        {
            DnsAccount changed = s.DnsAccounts.FindByName("zone")! with { Settings = new Dictionary<string, string> { ["Server"] = server }, UpdatedAt = bench.Clock.UtcNow };
            s.DnsAccounts.Update(changed);
            s.Secrets.Put(SecretRef.DnsAccount(changed.Id, "Key"), Encoding.UTF8.GetBytes("secret of " + server));
            return changed;
        });
        Change(_here, "new");
        await _here.RenewAsync(_here.Listed().Single());
        File.Delete(FilePath);
        Export();

        Assert.Equal(TransferOutcome.Skipped, Of(Import(), StorePart.DnsAccounts).Outcome);
        StoreTransfer failed = Of(Import(_there, new TransferOptions { Conflict = TransferConflict.Fail }), StorePart.DnsAccounts);
        Assert.Equal((TransferOutcome.Failed, ErrorIds.NameAlreadyExists), (failed.Outcome, failed.ErrorId));
        Assert.Single(_there.Store.Read(s => s.DnsAccounts.List()));

        IReadOnlyList<StoreTransfer> replaced = Import(_there, new TransferOptions { Conflict = TransferConflict.Replace });
        Assert.Equal(TransferOutcome.Replaced, Of(replaced, StorePart.DnsAccounts).Outcome);
        Assert.Equal("secret of new", Text(_there.Store.Read(s => s.Secrets.Get(SecretRef.DnsAccount(s.DnsAccounts.FindByName("zone")!.Id, "Key"))!)));
        Assert.Equal(TransferOutcome.Replaced, Of(replaced, StorePart.Certificates).Outcome);
        Assert.Equal([3, 2, 1], _there.Services.Inventory.History("www.contoso.com").Select(c => c.Version));
        Assert.Equal(3, _there.Listed().Single().Version);

        _there.Clock.Advance(TimeSpan.FromDays(1));
        Change(_there, "newest");
        StoreTransfer newer = Of(Import(_there, new TransferOptions { Conflict = TransferConflict.Replace }), StorePart.DnsAccounts);
        Assert.Equal(TransferOutcome.Skipped, newer.Outcome);
        Assert.Contains("newer", newer.Reason);
    }

    [Fact]
    public async Task An_entry_of_the_same_name_keeps_its_versions_and_an_account_its_key()
    {
        await FillAsync();
        Export();
        await _there.AddAccountAsync();
        byte[] key = _there.Store.Read(s => s.Secrets.Get(SecretRef.Account(s.Accounts.List()[0].Id, s.Secrets.List("account", s.Accounts.List()[0].Id)[0])))!;
        Certificate theirs = await _there.GetCertificateAsync("www.contoso.com");

        IReadOnlyList<StoreTransfer> taken = Import(_there, new TransferOptions { Conflict = TransferConflict.Replace });

        Assert.Equal(TransferOutcome.Failed, Of(taken, StorePart.Accounts).Outcome);
        Assert.Equal(key, _there.Store.Read(s => s.Secrets.Get(SecretRef.Account(s.Accounts.List()[0].Id, s.Secrets.List("account", s.Accounts.List()[0].Id)[0])))!);
        Assert.Equal(TransferOutcome.Replaced, Of(taken, StorePart.Certificates).Outcome);
        List<Certificate> versions = [.. _there.Services.Inventory.History("www.contoso.com")];
        Assert.Equal([3, 2, 1], versions.Select(v => v.Version));
        Assert.Contains(versions, v => v.Id == theirs.Id);
        Assert.Single(versions, v => v.IsCurrent);
        Assert.Empty(_there.Store.CheckIntegrity());
    }

    [Fact]
    public async Task A_secret_that_is_broken_fails_its_thing_and_the_rest_is_done()
    {
        await FillAsync();
        Export();
        string backup = _here.File("backup.db");
        _here.Test.Meddle("UPDATE secrets SET value = zeroblob(60) WHERE owner_kind = 'dns'");
        _here.Store.Backup(backup, [new KeyProtectorRequest(KeyProtectorKind.Passphrase, Passphrase: Passphrase)], SilentReporter.Instance, CancellationToken.None);

        IReadOnlyList<StoreTransfer> taken = Import(_there, new TransferOptions(), backup);

        StoreTransfer failed = Assert.Single(taken, t => t.Outcome == TransferOutcome.Failed);
        Assert.Equal((StorePart.DnsAccounts, ErrorIds.SecretUndecryptable), (failed.Part, failed.ErrorId));
        Assert.NotEmpty(_there.Listed());
    }

    public static TheoryData<string, string, string> Bad => new()
    {
        { "cut", ErrorIds.StoreCorrupt, "is cut off" },
        { "text", ErrorIds.StoreCorrupt, "is no database" },
        { "passphrase", ErrorIds.WrongPassword, "" },
        { "none", ErrorIds.StoreLocked, "" },
        { "newer", ErrorIds.StoreVersionTooNew, "newer" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_file_that_cannot_be_opened_says_why_and_is_not_changed(string what, string id, string words)
    {
        await FillAsync();
        Export();
        byte[]? passphrase = what == "passphrase" ? Encoding.UTF8.GetBytes("some other words") : what == "none" ? null : Passphrase;
        switch (what)
        {
            case "cut":
                Damage.Cut(FilePath, 0.5);
                break;
            case "text":
                File.WriteAllText(FilePath, new string('x', 5000));
                break;
            case "newer":
                using (Database database = Database.Open(FilePath, TimeSpan.FromSeconds(1)))
                {
                    database.Script("PRAGMA user_version = 999;");
                }

                break;
        }

        byte[] content = File.ReadAllBytes(FilePath);

        StoreException e = Assert.Throws<StoreException>(() => _there.Services.ImportParts.Open(FilePath, passphrase, null, new TransferOptions()));

        Assert.Equal(id, e.ErrorId);
        Assert.Contains(FilePath, e.Message);
        Assert.Contains(words, e.Message);
        Assert.Equal(content, File.ReadAllBytes(FilePath));
        Assert.Equal([FilePath], Directory.GetFiles(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public async Task An_export_that_fails_or_is_stopped_leaves_nothing_and_one_that_is_there_stays()
    {
        await FillAsync();
        string key = _here.File("keys", "parts.key");
        KeyProtectorRequest byKey = new(KeyProtectorKind.KeyFile, Path: key);

        Assert.ThrowsAny<OperationCanceledException>(() => _here.Services.ExportParts.Run(FilePath, [byKey], new TransferOptions(), _here.Reporter, new CancellationToken(canceled: true)));
        Assert.Equal(ErrorIds.InvalidParameter, Assert.Throws<InvalidRequestException>(() => _here.Services.ExportParts.Run(FilePath, [byKey], new TransferOptions { IsMeant = _ => false }, _here.Reporter, CancellationToken.None)).ErrorId);
        Assert.Equal(ErrorIds.InvalidParameter, Assert.Throws<InvalidRequestException>(() => _here.Services.ExportParts.Run(FilePath, [], new TransferOptions(), _here.Reporter, CancellationToken.None)).ErrorId);
        Assert.False(File.Exists(key));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(FilePath)!));

        _here.Services.ExportParts.Run(FilePath, [byKey], new TransferOptions(), _here.Reporter, CancellationToken.None);
        Assert.Equal([FilePath], Directory.GetFiles(Path.GetDirectoryName(FilePath)!));
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<ConflictException>(() => Export()).ErrorId);

        // The key file is found where it is now.
        string moved = _there.File("moved.key");
        File.Move(key, moved);
        using ImportParts.OpenedParts file = _there.Services.ImportParts.Open(FilePath, null, moved, new TransferOptions());
        Assert.NotEmpty(file.Items);
    }

    [Fact]
    public async Task A_private_authority_goes_on_with_what_it_has_issued()
    {
        await FillAsync();
        Certificate certificate = _here.Listed().Single();
        await _here.Services.RevokeCertificate.RunAsync(certificate.Id, RevocationReason.Superseded, null, _here.Reporter, CancellationToken.None);
        Export();

        Import();

        AuthorityAccount account = _there.Store.Read(s => s.Accounts.FindByName("private"))!;
        Assert.True(account.IsDefault);
        Assert.Equal(certificate.SerialNumber, Assert.Single(_there.Store.Read(s => s.Issued.ListRevoked(account.Id))).SerialNumber);
        Assert.Equal(_here.Store.Read(s => s.Issued.CrlNumber(account.Id)), _there.Store.Read(s => s.Issued.CrlNumber(account.Id)));
        Assert.NotNull(await _there.GetCertificateAsync("new.contoso.com"));
    }

    /// <summary>Something of every part; a certificate of two versions.</summary>
    private async Task FillAsync()
    {
        await _here.AddAccountAsync();
        Certificate first = await _here.GetCertificateAsync("www.contoso.com");
        await _here.RenewAsync(first);
        _here.Store.Write(s =>
        {
            DateTimeOffset now = _here.Clock.UtcNow;
            s.Labels.SetEntry(first.LineageId, new Labels { Tags = ["shop"] });
            s.Settings.Put("DefaultKeyAlgorithm", "Rsa");
            s.DnsAccounts.Add(new DnsAccount { Id = "dns1", Name = "zone", Provider = "Rfc2136", Settings = new Dictionary<string, string> { ["Server"] = "old" }, Secrets = ["Key"], CreatedAt = now, UpdatedAt = now });
            s.Secrets.Put(SecretRef.DnsAccount("dns1", "Key"), Encoding.UTF8.GetBytes("dns secret"));
            s.DeployTargets.Add(new DeployTarget { Id = "target1", Name = "web01", Kind = "Local", CreatedAt = now, UpdatedAt = now });
            s.DomainMappings.Add(new DomainMapping { Id = "mapping1", DomainName = "mapped.contoso.com", DnsAccount = "zone", DeployTargets = ["web01"], CreatedAt = now, UpdatedAt = now });
            s.RenewalPolicies.Add(new RenewalPolicy { Id = "policy1", Name = "usual", CreatedAt = now, UpdatedAt = now });
            s.NotificationPolicies.Add(new NotificationPolicy { Id = "notice1", Name = "mail", CreatedAt = now, UpdatedAt = now });
            s.Organizations.Add(new Organization { Id = "org1", Name = "contoso", LegalName = "Contoso Ltd", CreatedAt = now, UpdatedAt = now });
            s.Contacts.Add(new Contact { Id = "contact1", Name = "admin", FirstName = "A", LastName = "B", Email = "a@contoso.com", Phone = "1", CreatedAt = now, UpdatedAt = now });
        });
    }

    private void Export(TransferOptions? options = null) => _here.Services.ExportParts.Run(
        FilePath, [new KeyProtectorRequest(KeyProtectorKind.Passphrase, Passphrase: Passphrase)], options ?? new TransferOptions(), _here.Reporter, CancellationToken.None);

    private IReadOnlyList<StoreTransfer> Import() => Import(_there, new TransferOptions());

    private IReadOnlyList<StoreTransfer> Import(TestBench into, TransferOptions options, string? path = null)
    {
        using ImportParts.OpenedParts file = into.Services.ImportParts.Open(path ?? FilePath, Passphrase, null, options);
        return [.. file.Items.Select(item => item.Take())];
    }

    private static StoreTransfer Of(IReadOnlyList<StoreTransfer> taken, StorePart part) => taken.Single(t => t.Part == part);

    private static string Text(byte[] secret) => Encoding.UTF8.GetString(secret);
}
