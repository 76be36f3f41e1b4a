using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Notifications;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Newtonsoft.Json.Linq;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class ReportTests : OperationTests
{
    private const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"' \u202Egnp.exe\u0000 ]]>";

    [Theory]
    [InlineData(ReportType.Expiry)]
    [InlineData(ReportType.Inventory)]
    [InlineData(ReportType.KeyStrength)]
    [InlineData(ReportType.Compliance)]
    [InlineData(ReportType.Orders)]
    [InlineData(ReportType.Renewals)]
    [InlineData(ReportType.Deployments)]
    public void What_the_store_counts_is_what_the_certificates_count_one_by_one(ReportType type)
    {
        Fill(80);
        IReadOnlyList<ReportCount> all = Make(type).Counts;
        IReadOnlyList<ReportCount> one = Bench.Services.Reports.Make(new ReportRequest { Type = type, CertificateIds = [.. Bench.Listed().Select(c => c.Id)] }).Counts;
        IReadOnlyList<ReportCount> named = Bench.Services.Reports.Make(new ReportRequest { Type = type, Names = ["*"] }).Counts;
        Assert.Equal(all.Where(c => c.Chart != "Last 30 days"), one);
        Assert.Equal(one, named);
        Assert.Contains(all, c => c.Count > 1);
    }

    [Fact]
    public void Numbers_and_lines_are_about_what_has_the_label()
    {
        Fill(40);
        ReportRequest request = new() { Type = ReportType.Expiry, Labels = LabelFilter.Create(["red"], null, null) };
        Report report = Bench.Services.Reports.Make(request);
        int red = Bench.Listed().Count(c => c.Tags.Contains("red") && c.Status != CertificateStatus.Revoked);
        Assert.InRange(red, 1, 39);
        Assert.Equal(red, report.Counts.Where(c => c.Chart == "Ends within").Sum(c => c.Count));
        Assert.Equal(red, report.Rows.Count());
        Assert.Equal(report.Rows.Select(r => r.NotAfter).Order(), report.Rows.Select(r => r.NotAfter));
        foreach (ReportCount count in report.Counts.Where(c => c.Chart == "Ends within"))
        {
            Assert.Equal(count.Count, report.Rows.Count(r => r.Result == count.Label));
        }
    }

    [Theory]
    [InlineData("2026-03-14", 397, "Local", "")]
    [InlineData("2026-03-14", 397, "Other", "Shorter from 2026-03-15")] // allowed then, too long for the next renewal
    [InlineData("2026-03-14", 398, "Other", "Lives too long")]
    [InlineData("2026-03-15", 199, "Other", "Shorter from 2027-03-15")]
    [InlineData("2026-03-15", 200, "Other", "Lives too long")]
    [InlineData("2026-03-15", 90, "Other", "Shorter from 2029-03-15")]
    [InlineData("2026-03-15", 46, "Other", "")]
    [InlineData("2027-03-15", 100, "Other", "Lives too long")]
    [InlineData("2029-03-15", 47, "Other", "Lives too long")]
    [InlineData("2029-03-15", 46, "Other", "")]
    public void Life_is_judged_by_the_rule_of_the_day_of_issue_and_by_the_next_one(string issued, int days, string authority, string finding)
    {
        DateTimeOffset begin = DateTimeOffset.Parse(issued + "T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        Add(Some.Certificate() with { NotBefore = begin, NotAfter = begin.AddDays(days), Authority = authority });
        Report report = Make(ReportType.Compliance);
        Assert.Equal(finding, report.Rows.Select(r => r.Result).FirstOrDefault() ?? "");
        Assert.Equal(finding == "Lives too long" ? 1 : 0, report.Counts.Single(c => c.Label == "longer than allowed").Count);
    }

    [Fact]
    public void Proof_by_e_mail_names_the_certificates_and_open_orders_that_use_it()
    {
        CertificateOrder done = Some.Order() with { ChallengeType = ChallengeType.Email, Status = OrderStatus.Saved };
        CertificateOrder open = Some.Order("open.test") with { Status = OrderStatus.PendingValidation, Challenges = [new Challenge { Id = "1", OrderId = "x", DomainName = DomainName.Parse("open.test"), Type = ChallengeType.Email }] };
        CertificateOrder dns = Some.Order("dns.test") with { ChallengeType = ChallengeType.Dns01, Status = OrderStatus.PendingValidation };
        Certificate certificate = Some.Certificate() with { OrderId = done.Id, Authority = "Local" };
        Bench.Test.Store.Write(s =>
        {
            s.Orders.Add(done);
            s.Orders.Add(open);
            s.Orders.Add(dns);
            s.Certificates.Add(certificate, []);
            s.Orders.Update(done with { CertificateId = certificate.Id });
        });
        Report report = Make(ReportType.Compliance);
        Assert.Equal([1L, 1L], report.Counts.Where(c => c.Chart.StartsWith("Proof by e-mail", StringComparison.Ordinal)).Select(c => c.Count));
        ReportRow row = Assert.Single(report.Rows);
        Assert.Equal(("E-mail proof", ReportTone.Warning), (row.Result, row.Tone));
        Assert.Contains("2028-03-15", row.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RSA 1024", "SHA256withRSA", "Weak")]
    [InlineData("RSA 4096", "SHA1withRSA", "Weak")]
    [InlineData("RSA 2048", "MD5withRSA", "Weak")]
    [InlineData("DSA 2048", "SHA256withDSA", "Weak")]
    [InlineData("ECDSA P-192", "SHA256withECDSA", "Weak")]
    [InlineData("RSA 2048", "SHA256withRSA", "Sufficient")]
    [InlineData("RSA 3072", "SHA256withRSA", "Strong")]
    [InlineData("ECDSA P-256", "SHA256withECDSA", "Strong")]
    [InlineData("Ed25519", "Ed25519", "Strong")]
    [InlineData("1.2.3", "SHA256withRSA", "Unknown")]
    public void Keys_and_signatures_are_judged(string key, string signature, string word)
    {
        Add(Some.Certificate() with { KeyDescription = key, SignatureAlgorithm = signature });
        Report report = Make(ReportType.KeyStrength);
        Assert.Equal(word, report.Rows.Single().Result);
        Assert.Equal(1, report.Counts.Single(c => c.Chart == "Strength" && c.Label == word).Count);
    }

    [Fact]
    public void Csv_has_the_customary_columns_and_no_formula()
    {
        Add(Some.Certificate("=cmd|' /C calc'!A0") with { Subject = "CN=x,O=Contoso\\, Ltd.,OU=One+OU=Two", Note = "a \"quoted\"\nline", Owner = "@SUM(1)", Issuer = " +1", Group = "\uFF1D1", Tags = ["-x"] });
        Add(Some.Certificate("*.plain.test"));
        List<string[]> rows = ReadCsv(Text(ReportType.Inventory, ReportFormat.Csv));
        Assert.Equal(["Certificate name", "Serial number", "Valid from", "Expiry date", "Issuer", "Organization", "Organization unit", "Description", "State"], rows[0].Take(9));
        Assert.Equal(rows[0].Length, rows[0].Distinct().Count());
        string[] row = rows.Single(r => r[0].Contains("cmd", StringComparison.Ordinal));
        Assert.Equal(["'=cmd|' /C calc'!A0", "01-03-2026", "30-05-2026", "' +1", "Contoso, Ltd.", "One; Two", "a \"quoted\"\nline"], new[] { row[0], row[2], row[3], row[4], row[5], row[6], row[7] });
        Assert.Equal("'@SUM(1)", row[Array.IndexOf(rows[0], "Owner")]);
        Assert.Equal("'\uFF1D1", row[Array.IndexOf(rows[0], "Group")]);
        Assert.Equal("'-x", row[Array.IndexOf(rows[0], "Tags")]);
        Assert.Equal("90", row[Array.IndexOf(rows[0], "Days left")]);
        Assert.Contains(rows, r => r[0] == "*.plain.test");
        Assert.All(rows, r => Assert.Equal(rows[0].Length, r.Length));
    }

    [Fact]
    public void Json_holds_numbers_and_lines_and_JsonLines_one_line_each()
    {
        Add(Some.Certificate("a.test") with { Owner = Hostile, Tags = ["x", "y"] });
        JObject document = JObject.Parse(Text(ReportType.Expiry, ReportFormat.Json));
        Assert.Equal("Expiry", (string?)document["type"]);
        Assert.Equal(1, document["counts"]!.Where(c => (string?)c["chart"] == "Ends within").Sum(c => (long)c["count"]!));
        JToken row = document["rows"]!.Single();
        Assert.Equal(("a.test", Hostile, 90), ((string?)row["name"], (string?)row["owner"], (int)row["daysLeft"]!));
        Assert.Equal(["x", "y"], row["tags"]!.Select(t => (string)t!));
        string lines = Text(ReportType.Expiry, ReportFormat.JsonLines);
        Assert.Equal("a.test", (string?)JObject.Parse(lines.TrimEnd('\n'))["name"]);
        Assert.Single(lines.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Nothing_that_a_certificate_holds_becomes_markup_or_runs()
    {
        Add(Some.Certificate(Hostile) with { Issuer = Hostile, Owner = Hostile, Group = Hostile, Tags = [Hostile], Note = Hostile });
        Add(Some.Certificate(new string('x', 100_000)) with { Issuer = new string('\u202E', 100_000) });
        foreach (ReportType type in new[] { ReportType.Inventory, ReportType.Expiry, ReportType.KeyStrength, ReportType.Compliance })
        {
            string page = Text(type, ReportFormat.Html);
            Assert.True(page.Length < 60_000, $"{type}: {page.Length}");
            Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
            Assert.DoesNotContain("alert(1)</script>", page, StringComparison.Ordinal);
            Assert.DoesNotContain('\u202E', page);
            Assert.DoesNotContain('\0', page);
            Assert.DoesNotMatch(new Regex("\\b(?:src|href|action|style|on[a-z]+)\\s*=\\s*[\"']", RegexOptions.IgnoreCase), Regex.Replace(page, "<script>.*?</script>", "", RegexOptions.Singleline).Replace("&#39;", "").Replace("&quot;", ""));
            Assert.DoesNotMatch(new Regex("https?://|@import|url\\(", RegexOptions.IgnoreCase), page);
            Assert.Contains("&lt;202E&gt;", page, StringComparison.Ordinal);
            Assert.Contains("(100000 characters)", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_policy_of_the_page_knows_its_own_script_and_style_and_nothing_else()
    {
        Fill(150);
        string page = Text(ReportType.Expiry, ReportFormat.Html);
        string policy = Regex.Match(page, "Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value;
        string script = Assert.Single(Regex.Matches(page, "<script>(.*?)</script>", RegexOptions.Singleline).Cast<Match>()).Groups[1].Value;
        string style = Assert.Single(Regex.Matches(page, "<style>(.*?)</style>", RegexOptions.Singleline).Cast<Match>()).Groups[1].Value;
        Assert.Equal($"default-src 'none'; style-src '{Hash(style)}'; script-src '{Hash(script)}'; base-uri 'none'; form-action 'none'", policy);

        Assert.Equal(2, Regex.Matches(page, "</script>").Count);
        JObject data = JObject.Parse(Regex.Match(page, "id=\"data\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value);
        int shown = Bench.Listed().Count(c => c.Status != CertificateStatus.Revoked);
        Assert.Equal(shown, data["rows"]!.Count());
        Assert.All(data["rows"]!, r => Assert.Equal(data["columns"]!.Count() + 1, r.Count()));
        Assert.Equal(100, Regex.Matches(page, "<tr role=\"row\"><td").Count); // without scripts
        Assert.Contains("<svg", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_of_ten_thousand_is_below_five_megabytes_and_of_more_says_so()
    {
        Bench.Test.Store.Write(s =>
        {
            for (int i = 0; i <= ManageReports.MostOnPage; i++)
            {
                s.Certificates.Add(Some.Certificate($"server-{i:00000}.department.contoso.example") with { Issuer = "CN=Sectigo RSA Domain Validation Secure Server CA,O=Sectigo Limited,L=Salford,C=GB", Owner = "platform team", Group = "shop/production", Tags = ["web", "production"] }, []);
            }
        });
        Report report = Make(ReportType.Inventory);
        using StringWriter writer = new();
        Assert.Equal(ManageReports.MostOnPage, Bench.Services.Reports.Write(report, ReportFormat.Html, writer, CancellationToken.None));
        Assert.InRange(Encoding.UTF8.GetByteCount(writer.ToString()), 1_000_000, 5_000_000);
        Assert.Contains("The first 10,000 lines.", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("10,001", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_whole_or_not_there()
    {
        Add(Some.Certificate());
        string path = Bench.File("report.csv");
        Assert.Equal(1, Bench.Services.Reports.WriteTo(path, Make(ReportType.Expiry), ReportFormat.Csv, false, CancellationToken.None));
        Fails<ConflictException>(ErrorIds.FileExists, path, () => Bench.Services.Reports.WriteTo(path, Make(ReportType.Expiry), ReportFormat.Csv, false, CancellationToken.None));
        using CancellationTokenSource stopped = new();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => Bench.Services.Reports.WriteTo(Bench.File("other.html"), Make(ReportType.Expiry), ReportFormat.Html, false, stopped.Token));
        Fails<DeploymentException>(ErrorIds.FileNotWritable, "nowhere", () => Bench.Services.Reports.WriteTo(Bench.File("nowhere", "x.csv"), Make(ReportType.Expiry), ReportFormat.Csv, false, CancellationToken.None));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!, "*.*").Where(f => f.Contains("report", StringComparison.Ordinal) || f.Contains("other", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(NotificationChannel.Mail, 1)]
    [InlineData(NotificationChannel.Webhook, 0)]
    public async Task A_report_is_sent_once_in_its_time_with_the_page_where_the_channel_carries_it(NotificationChannel channel, int attachments)
    {
        CollectingSender sender = new();
        Bench.Notifications = [sender];
        Add(Some.Certificate("a.test", notAfter: Some.Moment.AddDays(3)) with { Owner = "Ann" });
        Add(Some.Certificate("b.test", notAfter: Some.Moment.AddDays(3)) with { Owner = "Bob" });
        Dictionary<string, byte[]> secrets = channel == NotificationChannel.Mail ? [] : new() { [ManageNotifications.Url] = Encoding.UTF8.GetBytes("https://hooks.test/x") };
        Bench.Services.Notifications.Set("weekly", p => p with { Channel = channel, To = ["a@test"], SmtpServer = "mail.test", Events = NotificationEvents.Report, Reports = [ReportType.Expiry], Owners = ["ann"] }, secrets);

        async Task RunAsync() => await Bench.Services.Notifications.RunAsync([], null, Bench.Reporter, CancellationToken.None);
        await RunAsync();
        await RunAsync();
        NotificationMessage message = Assert.Single(sender.Sent);
        Assert.Equal("[KeyManager] Certificates by their end (owner ann): ends within 7 days: 1", message.Subject);
        Assert.Contains("  7 days: 1\n", message.Text, StringComparison.Ordinal);
        Assert.Equal(attachments, message.Attachments.Count);
        if (attachments > 0)
        {
            Assert.Equal(("keymanager-expiry-2026-03-01.html", "text/html"), (message.Attachments[0].FileName, message.Attachments[0].MediaType));
            string page = Encoding.UTF8.GetString(message.Attachments[0].Content);
            Assert.Contains("a.test", page, StringComparison.Ordinal);
            Assert.DoesNotContain("b.test", page, StringComparison.Ordinal);
        }

        Bench.Clock.Advance(TimeSpan.FromHours(13)); // Monday, the second of March: another week
        await RunAsync();
        Bench.Clock.Advance(TimeSpan.FromDays(6));
        await RunAsync();
        Assert.Equal(2, sender.Sent.Count);
    }

    private Report Make(ReportType type) => Bench.Services.Reports.Make(new ReportRequest { Type = type });

    private string Text(ReportType type, ReportFormat format)
    {
        using StringWriter writer = new();
        Bench.Services.Reports.Write(Make(type), format, writer, CancellationToken.None);
        return writer.ToString();
    }

    private void Add(Certificate certificate) => Bench.Test.Store.Write(s => s.Certificates.Add(certificate, []));

    /// <summary>Certificates of all kinds, with orders, deployments and what the engine remembers of some.</summary>
    private void Fill(int count) => Bench.Test.Store.Write(s =>
    {
        for (int i = 0; i < count; i++)
        {
            CertificateOrder? order = i % 3 == 0 ? null : Some.Order($"h{i:000}.test") with { Status = i % 7 == 0 ? OrderStatus.Failed : OrderStatus.Saved, ChallengeType = i % 5 == 0 ? ChallengeType.Email : null, Tags = i % 2 == 0 ? ["red"] : [], Account = "(removed)" };
            Certificate certificate = Some.Certificate($"h{i:000}.test", notAfter: Some.Moment.AddDays(i * 3 - 20)) with
            {
                NotBefore = Some.Moment.AddDays(i * 3 - 20 - (i % 4 == 0 ? 400 : i % 4 == 1 ? 150 : 40)),
                Status = i % 11 == 0 ? CertificateStatus.Revoked : CertificateStatus.Valid,
                KeyDescription = i % 4 == 0 ? "RSA 1024" : "ECDSA P-256",
                Issuer = $"CN=CA {i % 20}",
                OrderId = order?.Id,
                Authority = order is null ? null : i % 2 == 0 ? "Local" : "LetsEncrypt",
                Tags = i % 2 == 0 ? ["red"] : [],
                Owner = i % 3 == 0 ? null : $"team {i % 5}",
                Group = i % 4 == 0 ? "shop" : null,
            };
            if (order is not null)
            {
                s.Orders.Add(order);
            }

            s.Certificates.Add(certificate, []);
            if (order is not null)
            {
                s.Orders.Update(order with { CertificateId = certificate.Id, LineageId = certificate.LineageId });
            }

            if (i % 2 == 0)
            {
                s.Renewals.Put(new RenewalState { LineageId = certificate.LineageId, NextLook = Some.Moment.AddDays(i - 10), NotBefore = i % 8 == 0 ? Some.Moment.AddDays(1) : null });
            }

            for (int n = 0; n < i % 3; n++)
            {
                s.Deployments.Put(new Deployment
                {
                    Id = Identifier.New(), TargetId = "t" + (i % 2), Target = "target " + (i % 2), LineageId = certificate.LineageId, CertificateId = certificate.Id, Name = certificate.Name,
                    SerialNumber = "00", Status = n == 0 ? DeploymentStatus.Failed : DeploymentStatus.Deployed, StartedAt = Some.Moment.AddDays(n), UpdatedAt = Some.Moment,
                });
            }
        }
    });

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static List<string[]> ReadCsv(string text)
    {
        List<string[]> rows = [];
        List<string> row = [];
        StringBuilder cell = new();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else if (c == '"')
                {
                    quoted = false;
                }
                else
                {
                    cell.Append(c);
                }
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (c == '\n')
                {
                    rows.Add([.. row]);
                    row.Clear();
                }
            }
            else if (c != '\r')
            {
                cell.Append(c);
            }
        }

        return rows;
    }

    private sealed class CollectingSender : INotificationSender
    {
        public List<NotificationMessage> Sent { get; } = [];

        public bool CanSend(NotificationChannel channel) => true;

        public Task SendAsync(NotificationContext context, NotificationMessage message, CancellationToken cancellationToken)
        {
            Sent.Add(message);
            return Task.CompletedTask;
        }
    }
}
