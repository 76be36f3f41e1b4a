using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using KeyManager.Operations;
using KeyManager.Providers.Storage;
using KeyManager.Storage;

namespace KeyManager.Bench;

/// <summary>A large inventory with labels: how soon the first certificate of a filter comes, how long the numbers of each report take, and how large a page is.</summary>
internal static class ReportBench
{
    private const double FirstObjectBar = 100;
    private const double CountsBar = 5000;
    private const int PageRows = 10_000;

    public static void Run(int count, int runs)
    {
        Report.Begin($"report: {count:N0} certificates with labels, {count / 10:N0} orders");
        using TemporaryStore store = new();
        FillRows(store.Path, count, count / 10);
        using KeyManagerServices services = store.Open();
        Report.AddOne("size of the file", new FileInfo(store.Path).Length / 1048576.0, "MiB");

        DateTimeOffset soon = DateTimeOffset.UtcNow.AddDays(30);
        (string Name, CertificateQuery Query)[] filters =
        [
            ("-Name", new() { Name = "host0500000.bench.test" }),
            ("-Name 'host05*'", new() { Name = "host05*" }),
            ("-Name '*99999.bench*'", new() { Name = "*99999.bench*" }),
            ("-Name '*nothing*'", new() { Name = "*nothing*" }),
            ("-DomainName", new() { DomainName = "host0500001.bench.test" }),
            ("-ExpiresWithin", new() { ExpiresBefore = soon, SoonestExpiryFirst = true }),
            ("-ExpiresWithin, -Name '*nothing*'", new() { Name = "*nothing*", ExpiresBefore = soon, SoonestExpiryFirst = true }),
            ("-Status Revoked", new() { Status = [CertificateStatus.Revoked] }),
            ("-Status Expired", new() { Status = [CertificateStatus.Expired] }),
            ("-Account", new() { Account = "bench" }),
            ("-Account, none has it", new() { Account = "nobody" }),
            ("-IncludeHistory", new() { IncludeHistory = true }),
            ("-IncludeHistory, -Account, none has it", new() { IncludeHistory = true, Account = "nobody" }),
            ("-Tag on all", new() { Labels = new() { Tags = ["all"] } }),
            ("-Tag on one in 100,000", new() { Labels = new() { Tags = ["rare"] } }),
            ("-Tag on half, ExpiresWithin", new() { Labels = new() { Tags = ["half"] }, ExpiresBefore = soon, SoonestExpiryFirst = true }),
            ("-Tag on one in 100,000, ExpiresWithin a year", new() { Labels = new() { Tags = ["rare"] }, ExpiresBefore = soon.AddDays(335), SoonestExpiryFirst = true }),
            ("-Tag on one in 97, soonest first", new() { Labels = new() { Tags = ["some"] }, SoonestExpiryFirst = true }),
            ("-Tag r*, s*", new() { Labels = new() { Tags = ["r*", "s*"] } }),
            ("-Owner", new() { Labels = new() { Owners = ["team 007"] } }),
            ("-Owner ''", new() { Labels = new() { Owners = [""] } }),
            ("-Owner 'team 00*'", new() { Labels = new() { Owners = ["team 00*"] } }),
            ("-Owner, ExpiresWithin", new() { Labels = new() { Owners = ["team 007"] }, ExpiresBefore = soon, SoonestExpiryFirst = true }),
            ("-Group", new() { Labels = new() { Groups = ["group/3"] } }),
            ("-Tag on half, -Owner, -Group, -Status Valid", new() { Labels = new() { Tags = ["half"], Owners = ["team 0*"], Groups = ["group/1*"] }, Status = [CertificateStatus.Valid] }),
        ];
        foreach ((string name, CertificateQuery query) in filters)
        {
            Report.Add("Get-KmCertificate " + name + ", first object", Enumerable.Range(0, runs).Select(_ => Milliseconds(() => services.Store.Stream(query).FirstOrDefault())), "ms", FirstObjectBar);
        }

        (string Name, OrderQuery Query)[] orders =
        [
            ("-Tag on all", new() { Labels = new() { Tags = ["all"] } }),
            ("-Tag on one in 100,000", new() { Labels = new() { Tags = ["rare"] } }),
            ("-Owner", new() { Labels = new() { Owners = ["team 007"] } }),
            ("-Name", new() { Name = "host0050000.bench.test" }),
            ("-Name 'host00999*'", new() { Name = "host00999*" }),
            ("-Name '*nothing*'", new() { Name = "*nothing*" }),
            ("-DomainName", new() { DomainName = "host0050001.bench.test" }),
            ("-Status Failed", new() { Status = [OrderStatus.Failed] }),
            ("-Status PendingValidation, none has it", new() { Status = [OrderStatus.PendingValidation] }),
            ("-Account", new() { AccountId = "account3" }),
            ("-Account, none has it", new() { AccountId = "nobody" }),
        ];
        foreach ((string name, OrderQuery query) in orders)
        {
            Report.Add("Get-KmCertificateOrder " + name + ", first object", Enumerable.Range(0, runs).Select(_ => Milliseconds(() => services.Store.Stream(query).FirstOrDefault())), "ms", FirstObjectBar);
        }

        foreach (ReportType type in Enum.GetValues<ReportType>())
        {
            Report.Add($"Get-KmReport {type}, the numbers", Enumerable.Range(0, Math.Min(runs, 5)).Select(_ => Milliseconds(() => services.Reports.Make(new ReportRequest { Type = type }).Counts.Count)), "ms", CountsBar);
        }

        Page(services, soon);
    }

    private static void Page(KeyManagerServices services, DateTimeOffset soon)
    {
        string path = Path.Combine(Path.GetTempPath(), $"km-bench-{Environment.ProcessId}.html");
        try
        {
            double time = Milliseconds(() => services.Reports.WriteTo(path, services.Reports.Make(new ReportRequest { Type = ReportType.Expiry }), ReportFormat.Html, true, CancellationToken.None));
            Report.AddOne($"page of {PageRows:N0} certificates, written", time, "ms");
            Report.AddOne($"page of {PageRows:N0} certificates, size", new FileInfo(path).Length / 1048576.0, "MiB");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Rows as the store makes them, made by SQLite itself: through the store a million would take half an hour. Ids are not in the order of the names.</summary>
    private static void FillRows(string path, int count, int orders)
    {
        using Database database = Database.Open(path, TimeSpan.FromSeconds(10));
        long now = (DateTimeOffset.UtcNow.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute;
        string day = FormattableString.Invariant($"{TimeSpan.TicksPerDay}"), minute = FormattableString.Invariant($"{TimeSpan.TicksPerMinute}");
        const string tags = "json_array('all', iif(i % 2 = 0, 'half', 'odd'), iif(i % 97 = 0, 'some', 'few'), iif(i % 100000 = 5, 'rare', 'usual'))";
        string labels = $"json_object('Tags', {tags}, 'Owner', iif(i % 50 = 0, NULL, printf('team %03d', i % 200)), 'Group', printf('group/%d', i % 20))";
        const string id = "printf('%012x', (i * 2862933555777) % 281474976710656)", name = "printf('host%07d.bench.test', i)";
        database.Script("PRAGMA foreign_keys = OFF; PRAGMA cache_size = -2000000;");
        database.Script("PRAGMA secure_delete = OFF;");
        database.Script($"""
            BEGIN;
            CREATE TEMP TABLE numbers (i INTEGER PRIMARY KEY, id TEXT, name TEXT);
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}) INSERT INTO numbers SELECT i, {id}, {name} FROM n;
            INSERT INTO lineages (id, name, name_key, owner_key, group_key, labels)
                SELECT 'L' || id, name, name, iif(i % 50 = 0, NULL, printf('team %03d', i % 200)), printf('group/%d', i % 20), {labels} FROM numbers;
            INSERT INTO entry_tags SELECT t.value, n.name, 'L' || n.id FROM numbers n, json_each({tags}) t;
            INSERT INTO certificates (id, lineage_id, version, is_current, status, domain_names, subject, issuer, serial_number, thumbprint, sha256_thumbprint, not_before, not_after, key_description,
                signature_algorithm, account, authority, order_id, keystore_type, origin, created_at, saved_at, raw_data)
                SELECT 'C' || id, 'L' || id, 1, 1, iif(i % 1000 = 0, 'Revoked', 'Valid'), name, 'CN=' || name, iif(i % 10 = 0, 'CN=' || name, 'CN=CA ' || (i % 25)), printf('%032X', i), printf('%040X', i), printf('%064X', i),
                    {now} + ((i * 7919) % (398 * 1440)) * {minute} - (90 + (i % 4) * 103) * {day}, {now} + ((i * 7919) % (398 * 1440)) * {minute} - 10 * {day},
                    iif(i % 5 = 0, 'RSA 2048', 'ECDSA P-256'), iif(i % 5 = 0, 'SHA256withRSA', 'SHA256withECDSA'), iif(i % 3 = 0, NULL, 'bench'), iif(i % 3 = 0, NULL, 'LetsEncrypt'),
                    NULL, 'Pkcs12', iif(i % 3 = 0, 'Imported', 'Created'), {now}, {now}, randomblob(600) FROM numbers;
            INSERT INTO certificate_names (name, certificate_id) SELECT name, 'C' || id FROM numbers;
            INSERT INTO renewal_state SELECT 'L' || id, {now} + (i % 90) * {day}, i % 1000 = 1, json_object('Attempts', 0) FROM numbers;
            INSERT INTO orders (id, name, name_key, status, account_id, certificate_id, lineage_id, created_at, updated_at, has_proof, by_email, owner_key, group_key, labels, document)
                SELECT 'O' || id, name, name, iif(i % 100 = 0, 'Failed', 'Saved'), 'account' || (i % 7), 'C' || id, 'L' || id, {now} - i * {minute}, {now}, 0, i % 10 = 0,
                    iif(i % 50 = 0, NULL, printf('team %03d', i % 200)), printf('group/%d', i % 20), {labels},
                    json_object('DomainNames', json_array(name), 'Account', 'bench', 'Authority', 'LetsEncrypt', 'KeySpec', 'Ecdsa 256', 'Csr', hex(randomblob(400))) FROM numbers WHERE i < {orders};
            INSERT INTO order_names (name, order_id) SELECT name, 'O' || id FROM numbers WHERE i < {orders};
            INSERT INTO order_tags SELECT t.value, {now} - i * {minute}, 'O' || n.id FROM numbers n, json_each({tags}) t WHERE i < {orders};
            DROP TABLE numbers;
            COMMIT;
            """);
    }

    private static double Milliseconds<T>(Func<T> action)
    {
        Stopwatch watch = Stopwatch.StartNew();
        _ = action();
        return watch.Elapsed.TotalMilliseconds;
    }
}
