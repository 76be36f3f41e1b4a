using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.Operations;
using KeyManager.Providers.Storage;
using KeyManager.Providers.Storage.Care;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Storage;

public sealed class StoreCareTests : IDisposable
{
    private readonly TestBench _bench = new();

    public StoreCareTests() => Assert.SkipWhen(Wine.IsHere, "Wine keeps the access lists of files as rights of Unix, so a sound store does not look sound there.");

    private TestStore Test => _bench.Test;

    private string Path => Test.Location.Path;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_sound_store_passes_everything()
    {
        await FillAsync();

        IReadOnlyList<StoreCheck> checks = Examine();

        Assert.Equal(
            ["File", "Version", "Rights", "Schema", "Database", "References", "AuditTrail", "Protectors", "Secrets", "Certificates", "Inventory", "Records", "Space"],
            checks.Select(c => c.Name));
        Assert.DoesNotContain(checks, c => c.Outcome == StoreCheckOutcome.Failed);

        // It has no passphrase, and one should.
        Assert.Equal(["Protectors"], checks.Where(c => c.Outcome == StoreCheckOutcome.Warning && c.Name != "Space").Select(c => c.Name));
        Assert.Contains("secrets decrypt", Of(checks, "Secrets").Message);
        Assert.DoesNotContain("All 0", Of(checks, "Certificates").Message);
    }

    [Fact]
    public void What_is_known_by_its_details_only_is_sound()
    {
        _bench.Services.ImportCertificateList.Run(new("list.csv", 1, ["www.test", "0A", "01-01-2026", "02-01-2027"]), LabelChange.None);
        Assert.Equal(StoreCheckOutcome.Passed, Of(Examine(), "Certificates").Outcome);
        Assert.Equal(StoreCheckOutcome.Passed, Of(Examine(), "Inventory").Outcome);
    }

    public static TheoryData<string, string, string> Meddlings => new()
    {
        { "Schema", "DROP INDEX orders_by_status", "orders_by_status is missing" },
        { "Schema", "DROP TRIGGER audit_log_no_update", "audit_log_no_update is missing" },
        { "Database", "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'status,', 'name_key,') WHERE name = 'orders_by_status'; PRAGMA writable_schema = RESET; REINDEX orders_by_status; PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'name_key,', 'status,') WHERE name = 'orders_by_status'", "missing from index" },
        { "References", "PRAGMA foreign_keys = OFF; UPDATE orders SET csr_id = 'nowhere'", "refer to rows of csrs" },
        { "References", "PRAGMA foreign_keys = OFF; DELETE FROM lineages", "refer to rows of lineages" },
        { "Certificates", "UPDATE certificates SET not_after = not_after + 10000000, subject = 'CN=somebody else'", "another subject, not_after than it has" },
        { "Certificates", "DELETE FROM certificate_names", "another set of names" },
        { "Inventory", "UPDATE certificates SET is_current = 0", "has lost its current version" },
        { "Inventory", "INSERT INTO lineages (id, name, name_key) VALUES ('x', 'empty', 'empty')", "has no certificate any more" },
        { "Inventory", "UPDATE accounts SET name_key = 'other'", "is not found by its name" },
        { "Records", "UPDATE orders SET by_email = 1", "another by_email than it has" },
        { "Records", "DELETE FROM order_names", "another set of names" },
        { "AuditTrail", "DROP TRIGGER audit_head_no_delete; DELETE FROM audit_head", "record of the last line is missing" },
    };

    [Theory]
    [MemberData(nameof(Meddlings))]
    public async Task What_can_be_mended_is_found_and_mended(string name, string sql, string words)
    {
        await FillAsync();
        Certificate before = _bench.Listed().Single();
        Test.Meddle(sql);

        StoreCheck found = Of(Examine(), name);
        Assert.Contains(words, found.Message, StringComparison.Ordinal);
        Assert.True(found.CanRepair);
        Assert.Contains("-Repair", found.Remedy);
        StoreCheck again = Of(Examine(), name);
        Assert.Equal(found.Message, again.Message); // looking has changed nothing

        IReadOnlyList<StoreCheck> mended = Repair();

        Assert.Equal(StoreCheckOutcome.Repaired, Of(mended, name).Outcome);
        Assert.DoesNotContain(mended, c => c.Outcome == StoreCheckOutcome.Failed);
        Assert.DoesNotContain(Examine(), c => c.Outcome == StoreCheckOutcome.Failed);
        Test.Reopen();
        Certificate after = Test.Store.Read(s => s.Certificates.Query(new CertificateQuery(), null, 10)).Items.Single();
        Assert.Equal((before.Id, before.Name, before.Subject, before.NotAfter, before.IsCurrent), (after.Id, after.Name, after.Subject, after.NotAfter, after.IsCurrent));
        Assert.Equal("StoreRepaired", Test.Store.Read(s => s.Audit.Query(null, null, null, null, null, 1)).Items[0].Action);
        Assert.Empty(Test.Store.CheckIntegrity());
    }

    public static TheoryData<string, string, string> Losses => new()
    {
        { "Secrets", "UPDATE secrets SET value = (SELECT value FROM secrets s WHERE s.owner_id <> secrets.owner_id LIMIT 1) WHERE owner_kind = 'key'", "The private key of 'www.contoso.com'" },
        { "Secrets", "DELETE FROM secrets WHERE owner_kind = 'key'", "is lost" },
        { "Certificates", "UPDATE certificates SET raw_data = x'3003020100'", "cannot be read" },
        { "Records", "UPDATE accounts SET document = '{'", "'private' in accounts cannot be read" },
        { "Records", "UPDATE orders SET document = 'x'", "The order 'www.contoso.com'" },
        { "AuditTrail", "DROP TRIGGER audit_log_no_update; UPDATE audit_log SET user = 'nobody' WHERE number = 2", "Line 2 was changed" },
        { "Version", "PRAGMA user_version = 999", "newer KeyManager" },
        { "File", "PRAGMA application_id = 7", "not a KeyManager store" },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task What_is_lost_is_named_and_stays_visible(string name, string sql, string words)
    {
        await FillAsync();
        Test.Meddle(sql);

        StoreCheck found = Of(Examine(), name);
        Assert.Equal(StoreCheckOutcome.Failed, found.Outcome);
        Assert.Contains(words, found.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(found.Remedy));
        Assert.NotNull(found.ErrorId);

        if (name is not "Version" and not "File")
        {
            Assert.Equal(StoreCheckOutcome.Failed, Of(Repair(), name).Outcome);
        }
    }

    [Fact]
    public async Task A_key_file_that_is_lost_is_named()
    {
        await FillAsync();
        string key = Test.Store.Protection.List().Single().Path;
        Test.Store.Dispose();
        File.Delete(key);

        IReadOnlyList<StoreCheck> checks = Examine();

        StoreCheck protectors = Of(checks, "Protectors");
        Assert.Equal((StoreCheckOutcome.Failed, ErrorIds.StoreLocked), (protectors.Outcome, protectors.ErrorId));
        Assert.Contains(key, protectors.Message);
        Assert.Equal(StoreCheckOutcome.Warning, Of(checks, "Secrets").Outcome);
        Assert.Equal(StoreCheckOutcome.Passed, Of(checks, "Certificates").Outcome);
    }

    [Fact]
    public async Task Rights_that_are_too_wide_are_taken_away()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are of Unix.");
            return;
        }

        await FillAsync();
        Test.Store.Dispose();
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Assert.Equal((StoreCheckOutcome.Failed, true), (Of(Examine(), "Rights").Outcome, Of(Examine(), "Rights").CanRepair));

        Assert.Equal(StoreCheckOutcome.Repaired, Of(Repair(), "Rights").Outcome);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xA5)]
    public async Task A_broken_page_in_the_middle_of_a_table_costs_its_rows_and_no_others(byte noise)
    {
        await FillAsync();
        StoreBackupTests.Fill(Test.Store, 400);
        string[] before = OrderIds();
        long page = LeafOf("orders");
        Test.Store.Dispose();
        Damage.Page(Path, page, noise);

        IReadOnlyList<StoreCheck> found = Examine();
        Assert.Equal((StoreCheckOutcome.Failed, ErrorIds.StoreCorrupt, true), (Of(found, "Database").Outcome, Of(found, "Database").ErrorId, Of(found, "Database").CanRepair));
        IReadOnlyList<StoreCheck> mended = Repair();

        StoreCheck recovery = Of(mended, "Recovery");
        Assert.Equal(StoreCheckOutcome.Failed, recovery.Outcome); // something is lost
        Test.Reopen();
        string[] after = OrderIds();
        Assert.True(before.Length - after.Length is > 0 and < 20, $"{before.Length - after.Length} of {before.Length} orders are lost");
        Assert.Contains($"orders: {before.Length - after.Length} rows", recovery.Problems);
        Assert.Subset(new HashSet<string>(before), new HashSet<string>(after));
        Assert.Empty(Test.Store.CheckIntegrity());
        Assert.Equal(StoreCheckOutcome.Repaired, Of(mended, "Database").Outcome);
        Assert.Equal(StoreCheckOutcome.Passed, Of(mended, "Secrets").Outcome);
        string kept = Assert.Single(Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!, "*.damaged-*"));
        Assert.Contains(kept, recovery.Message);
        Assert.DoesNotContain(Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!), f => f.Contains(".new", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broken_page_of_an_index_costs_nothing()
    {
        await FillAsync();
        StoreBackupTests.Fill(Test.Store, 400);
        string[] before = OrderIds();
        long page = LeafOf("orders_by_name");
        Test.Store.Dispose();
        Damage.Page(Path, page, 0xA5);

        IReadOnlyList<StoreCheck> mended = Repair();

        Assert.Equal(StoreCheckOutcome.Repaired, Of(mended, "Recovery").Outcome);
        Test.Reopen();
        Assert.Equal(before, OrderIds());
        Assert.Empty(Test.Store.CheckIntegrity());
    }

    [Fact]
    public async Task Of_a_file_cut_in_half_is_saved_what_is_there()
    {
        await FillAsync();
        StoreBackupTests.Fill(Test.Store, 2000);
        int before = OrderIds().Length;
        Test.Store.Dispose();
        Damage.Cut(Path, 0.5);

        StoreCheck file = Of(Examine(), "File");
        Assert.Contains("The end of", file.Message);
        IReadOnlyList<StoreCheck> mended = Repair();

        Assert.Equal(StoreCheckOutcome.Failed, Of(mended, "Recovery").Outcome);
        Test.Reopen();
        Assert.InRange(OrderIds().Length, 1, before - 1);
        Assert.DoesNotContain(Test.Store.CheckIntegrity(), p => !p.StartsWith("Audit trail", StringComparison.Ordinal));
        Assert.NotEmpty(Test.Store.Read(s => s.Accounts.List()));
    }

    [Fact]
    public async Task A_damaged_store_that_another_process_has_open_is_left_alone()
    {
        await FillAsync();
        StoreBackupTests.Fill(Test.Store, 400);
        long page = LeafOf("orders");
        Test.Store.Dispose();
        Damage.Page(Path, page, 0xA5);
        using SqliteStore other = Test.Open();
        byte[] content = File.ReadAllBytes(Path);

        Assert.Equal(ErrorIds.StoreBusy, Assert.Throws<StoreException>(() => Repair()).ErrorId);

        Assert.Equal(content, File.ReadAllBytes(Path));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("first page")]
    [InlineData("folder")]
    public async Task What_is_no_store_any_more_is_said_to_be_none(string what)
    {
        await FillAsync();
        Test.Store.Dispose();
        switch (what)
        {
            case "text":
                File.WriteAllText(Path, new string('x', 5000));
                break;
            case "first page":
                Damage.Page(Path, 1, 0);
                break;
            default:
                File.Delete(Path);
                Directory.CreateDirectory(Path);
                break;
        }

        StoreCheck only = Assert.Single(Examine());

        Assert.Equal(("File", StoreCheckOutcome.Failed, false), (only.Name, only.Outcome, only.CanRepair));
        Assert.Contains("Restore-KmStore", only.Remedy);
    }

    private async Task FillAsync()
    {
        await _bench.AddAccountAsync();
        await _bench.GetCertificateAsync("www.contoso.com");
    }

    private IReadOnlyList<StoreCheck> Examine() => NewCare().Examine(null, CancellationToken.None);

    private IReadOnlyList<StoreCheck> Repair()
    {
        StoreCare care = NewCare();
        return care.Repair(care.Examine(null, CancellationToken.None), null, Test.Store.Dispose, CancellationToken.None);
    }

    private StoreCare NewCare() => new(Test.Location, Test.Clock, SilentReporter.Instance, Test.Options);

    private static StoreCheck Of(IReadOnlyList<StoreCheck> checks, string name) => checks.Single(c => c.Name == name);

    private string[] OrderIds() => [.. Test.Store.ReadDatabase(d => d.Query("SELECT id FROM orders ORDER BY id", row => row.Text(0)))];

    /// <summary>A page in the middle of a table or index, found by its type in the file.</summary>
    private long LeafOf(string name)
    {
        long root = Test.Store.ReadDatabase(d => d.Number("SELECT rootpage FROM sqlite_schema WHERE name = @name", ("@name", name)));
        Test.Store.Dispose(); // the log goes into the file
        byte[] file = File.ReadAllBytes(Path);
        long page = root;
        while (file[(page - 1) * 4096] is 2 or 5)
        {
            // The pointer of the middle cell of an interior page.
            int start = (int)((page - 1) * 4096);
            int cells = (file[start + 3] << 8) | file[start + 4];
            int cell = start + ((file[start + 12 + (cells / 2 * 2)] << 8) | file[start + 13 + (cells / 2 * 2)]);
            page = (file[cell] << 24) | (file[cell + 1] << 16) | (file[cell + 2] << 8) | file[cell + 3];
        }

        Assert.NotEqual(root, page);
        Test.Reopen();
        return page;
    }
}
