#if NET // Mono's TLS trusts no roots but those of the machine
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Notifications;
using KeyManager.Operations;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Notifications;
using KeyManager.Tests.Operations;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Notifications;

/// <summary>A mail server of the field as judge: it takes what is sent, and what it puts away is read back.</summary>
public sealed class MailLiveTests : OperationTests
{
    [Fact]
    public async Task A_weekly_report_arrives_at_Postfix_with_its_page()
    {
        KeystoreEntry entry = TestPki.Entry("mail", "localhost");
        string folder = Bench.File("live");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "mail.crt"), new CertificateTools().ToPem(entry.Certificates.Take(2)));
        File.WriteAllBytes(Path.Combine(folder, "root.crt"), new CertificateTools().ToPem(entry.Certificates.Skip(1)));
        File.WriteAllBytes(Path.Combine(folder, "mail.key"), new KeyTools().ToPem(entry.Key!, null));
        using PostfixServer server = new(folder, Path.Combine(folder, "mail.crt"), Path.Combine(folder, "mail.key"));
        Bench.Notifications = [new MailSender(Bench.Clock)];
        Bench.Clock.SkipsDelays = false; // or the server would have hung at once
        await Bench.AddAccountAsync();
        await Bench.GetCertificateAsync("www.contoso.test");
        NotificationPolicy policy = Bench.Services.Notifications.Set(
            "weekly",
            p => p with
            {
                To = ["admins@contoso.test"],
                SmtpServer = "localhost",
                SmtpPort = server.Port,
                TrustedRootPath = Path.Combine(folder, "root.crt"),
                Events = NotificationEvents.Report,
                Reports = [ReportType.Inventory],
            },
            new Dictionary<string, byte[]>());

        await Bench.Services.Notifications.RunAsync([], null, Bench.Reporter, CancellationToken.None);

        Assert.True(WasAudited("NoticeSent", policy.Id), string.Join("\n", Bench.Reporter.Warnings) + server.Log);
        string mail = await InboxAsync(server);
        Assert.Contains("for <admins@contoso.test>", mail, StringComparison.Ordinal);
        Assert.Contains("using TLSv1.", mail, StringComparison.Ordinal);
        Match page = Regex.Match(mail, "Content-Type: text/html[^\n]*\n(?:[^\n]+\n)*\n(?<page>[A-Za-z0-9+/=\n]+)\n--");
        Assert.True(page.Success, mail);
        Assert.Contains("www.contoso.test", Encoding.UTF8.GetString(Convert.FromBase64String(page.Groups["page"].Value)), StringComparison.Ordinal);
    }

    /// <summary>Waits until the server, which takes a mail first and puts it away then, has put it away.</summary>
    private static async Task<string> InboxAsync(PostfixServer server)
    {
        for (Stopwatch watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(50))
        {
            // The agent writes the mail in one go and an empty line at its end.
            if (File.Exists(server.InboxPath) && File.ReadAllText(server.InboxPath).Replace("\r", "") is { } mail && mail.EndsWith("--\n\n", StringComparison.Ordinal))
            {
                return mail;
            }
        }

        Assert.Fail("Nothing was put away: " + server.Log);
        return "";
    }
}
#endif
