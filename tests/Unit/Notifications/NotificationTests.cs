using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Notifications;
using KeyManager.Operations;
using KeyManager.Providers.Keystores;
using KeyManager.Providers.Notifications;
using KeyManager.Tests.Operations;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Newtonsoft.Json.Linq;
using Xunit;

namespace KeyManager.Tests.Notifications;

public sealed class NotificationTests : OperationTests
{
    private static readonly Lazy<X509Certificate2> Certificate = new(() => X509CertificateLoader.LoadPkcs12(
        new Pkcs12Format().Write([TestPki.Entry("mail", "localhost")], new KeystoreOptions { Password = "p", Pkcs12Protection = Pkcs12Protection.Legacy }), "p", X509KeyStorageFlags.Exportable));

    public NotificationTests()
    {
        Bench.Notifications = [new MailSender(Bench.Clock), new WebhookSender(Bench.Clock)];
        Bench.Clock.SkipsDelays = false; // or every server would have hung at once
    }

    [Theory]
    [InlineData(MailSecurity.StartTls, "PLAIN")]
    [InlineData(MailSecurity.StartTls, "LOGIN")]
    [InlineData(MailSecurity.Tls, "PLAIN LOGIN")]
    public async Task Mail_goes_over_TLS_to_a_server_that_is_trusted_with_user_and_password(MailSecurity security, string ways)
    {
        SkipWhereTlsIsNotManaged();
        using ScriptedMailServer server = new(Certificate.Value, security == MailSecurity.Tls) { Password = "geheim", Ways = ways };
        NotificationPolicy policy = Mail(server, security, "geheim");
        await Bench.Services.Notifications.SendTestAsync(policy, null, CancellationToken.None);
        (string from, List<string> to, string text, bool wasSecure, bool wasKnown) = Assert.Single(server.Taken);
        Assert.Equal(("<from@test>", "<a@test>,<b@xn--bcher-kva.test>", true, true), (from, string.Join(",", to), wasSecure, wasKnown));
        Assert.Contains("Subject: [KeyManager] Test", text, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", server.Clear.ToString(), StringComparison.Ordinal);
        Assert.True(WasAudited("NoticeSent", policy.Id));
    }

    [Fact]
    public async Task A_server_without_STARTTLS_or_with_an_unknown_certificate_gets_nothing()
    {
        SkipWhereTlsIsNotManaged();
        using ScriptedMailServer plain = new(Certificate.Value) { OffersStartTls = false, Password = "geheim" };
        NotificationPolicy policy = Mail(plain, MailSecurity.StartTls, "geheim");
        await FailsAsync<TransportException>(ErrorIds.MailServerRefused, "STARTTLS", () => Bench.Services.Notifications.SendTestAsync(policy, null, CancellationToken.None));

        using ScriptedMailServer unknown = new(Certificate.Value) { Password = "geheim" };
        NotificationPolicy other = Mail(unknown, MailSecurity.StartTls, "geheim", "other") with { TrustedRootPath = null };
        await FailsAsync<TransportException>(ErrorIds.MailServerNotTrusted, "localhost", () => Bench.Services.Notifications.SendTestAsync(other, null, CancellationToken.None));
        Assert.Empty(plain.Taken.Concat(unknown.Taken));
        Assert.DoesNotContain("AUTH", plain.Clear.ToString() + unknown.Clear, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EHLO", "550 go away", ErrorIds.MailServerRefused)]
    [InlineData("RCPT", "550 no such user", ErrorIds.MailServerRefused)]
    [InlineData("DATA", "451 later", ErrorIds.MailServerRefused)]
    [InlineData("MAIL", "nonsense", ErrorIds.MailServerRefused)]
    [InlineData("EHLO", null, ErrorIds.MailServerUnreachable)]
    [InlineData("DATA", "", ErrorIds.MailServerUnreachable)]
    public async Task A_server_that_refuses_hangs_or_breaks_off_is_one_error_with_what_it_said(string word, string? instead, string errorId)
    {
        using ScriptedMailServer server = new(Certificate.Value);
        server.Instead[word] = instead;
        NotificationPolicy policy = Mail(server, MailSecurity.None, null);
        Task sending = Bench.Services.Notifications.SendTestAsync(policy, null, CancellationToken.None);
        if (instead == "")
        {
            Bench.Clock.Advance(TimeSpan.FromSeconds(61));
        }

        await FailsAsync<TransportException>(errorId, "localhost", () => sending);
        Assert.Empty(server.Taken);
    }

    [Fact]
    public void Long_and_foreign_texts_are_encoded_and_come_back_whole()
    {
        string subject = string.Concat(Enumerable.Repeat("Zertifikat für bücher.test läuft ab 😀 ", 8));
        NotificationMessage message = new(subject, "Grüße\n.\nEnde", [], [new NotificationAttachment("a.crt", "application/x-pem-file", [1, 2, 3])]);
        IReadOnlyList<string> lines = MimeText.Lines("a@test", ["b@test", "c@test"], message, "id", Some.Moment);
        Assert.All(lines, l => Assert.True(l.Length <= 78 && l.All(c => c is >= ' ' and <= '~'), l));
        string[] words = [.. lines.SkipWhile(l => !l.StartsWith("Subject: ", StringComparison.Ordinal)).TakeWhile(l => l.StartsWith("Subject:", StringComparison.Ordinal) || l[0] == ' ').Select(l => l.Split("=?utf-8?B?")[1].Split("?=")[0])];
        Assert.Equal(subject, string.Concat(words.Select(w => Encoding.UTF8.GetString(Convert.FromBase64String(w)))));
        Assert.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes("Grüße\r\n.\r\nEnde")), lines);
        Assert.Contains("Auto-Submitted: auto-generated", lines);
        Assert.Contains("Date: Sun, 01 Mar 2026 12:00:00 +0000", lines);
    }

    [Fact]
    public async Task A_webhook_gets_signed_JSON()
    {
        List<HttpCall> calls = [];
        using LoopbackHttpServer server = Server(calls, () => new HttpAnswer(200));
        NotificationPolicy policy = Hook(server, NotificationChannel.Webhook, "key");
        await Tell(Failed("www.test"));
        HttpCall call = Assert.Single(calls);
        JObject body = JObject.Parse(Encoding.UTF8.GetString(call.Body));
        Assert.Equal(("Failed", "www.test", "KmChallengeFailed", "Mend it."), ((string?)body["notices"]![0]!["event"], (string?)body["notices"]![0]!["name"], (string?)body["notices"]![0]!["errorId"], (string?)body["notices"]![0]!["remedy"]));
        string signature = call.Field(WebhookSender.SignatureHeader)!;
        string time = signature.Split("t=")[1].Split(',')[0];
        using HMACSHA256 hmac = new(Encoding.ASCII.GetBytes("key"));
        Assert.Equal(Convert.ToHexString(hmac.ComputeHash([.. Encoding.ASCII.GetBytes(time + "."), .. call.Body])), signature.Split("v1=")[1].ToUpperInvariant());
        Assert.True(WasAudited("NoticeSent", policy.Id));
    }

    [Theory]
    [InlineData(NotificationChannel.Teams, "AdaptiveCard")]
    [InlineData(NotificationChannel.Slack, "\"text\"")]
    public async Task Teams_and_Slack_get_what_they_take(NotificationChannel channel, string has)
    {
        List<HttpCall> calls = [];
        using LoopbackHttpServer server = Server(calls, () => new HttpAnswer(202));
        Hook(server, channel, null);
        await Tell(Failed("www.test"));
        string body = Encoding.UTF8.GetString(Assert.Single(calls).Body);
        Assert.Contains(has, body, StringComparison.Ordinal);
        Assert.Contains("www.test could not be renewed", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(302)]
    [InlineData(404)]
    public async Task What_a_webhook_does_not_take_is_a_warning_tried_again_and_given_up_after_a_week(int status)
    {
        List<HttpCall> calls = [];
        using LoopbackHttpServer server = Server(calls, () => new HttpAnswer(status));
        NotificationPolicy policy = Hook(server, NotificationChannel.Webhook, null);
        await Tell(Failed("www.test"));
        string said = Assert.Single(Bench.Reporter.Warnings);
        Assert.Contains($"HTTP {status}", said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-path", said + string.Concat(Bench.Audit().Select(a => a.Detail)), StringComparison.Ordinal);
        await Tell();
        Assert.Single(calls); // not before a minute
        Bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await Tell();
        Assert.Equal(2, calls.Count);
        for (int day = 0; day < 12; day++)
        {
            Bench.Clock.Advance(TimeSpan.FromDays(1));
            await Tell();
        }

        Assert.InRange(calls.Count, 8, 11);
        Assert.False(Bench.Audit().First(a => a.SubjectId == policy.Id).Succeeded);
    }

    [Fact]
    public async Task The_same_is_told_once_and_a_failure_again_only_after_a_while()
    {
        List<HttpCall> calls = [];
        using LoopbackHttpServer server = Server(calls, () => new HttpAnswer(200));
        Hook(server, NotificationChannel.Webhook, null);
        await Tell(Failed("www.test"), Failed("mail.test"));
        Assert.Equal(2, JObject.Parse(Encoding.UTF8.GetString(Assert.Single(calls).Body))["notices"]!.Count()); // one message
        await Tell(Failed("www.test"));
        Assert.Single(calls);
        Bench.Clock.Advance(TimeSpan.FromDays(1));
        await Tell(Failed("www.test"));
        Assert.Equal(2, calls.Count);
    }

    [Fact]
    public async Task A_certificate_that_ends_is_told_of_once_for_each_term()
    {
        List<HttpCall> calls = [];
        using LoopbackHttpServer server = Server(calls, () => new HttpAnswer(200));
        Hook(server, NotificationChannel.Webhook, null);
        KeyManager.Storage.StoreExtensions.Write(Bench.Store, s => s.Certificates.Add(Some.Certificate(notAfter: Bench.Clock.UtcNow.AddDays(40)), []));
        List<string> told = [];
        for (int day = 0; day < 45; day++)
        {
            int before = calls.Count;
            await Tell();
            if (calls.Count > before)
            {
                told.Add((string)JObject.Parse(Encoding.UTF8.GetString(calls[before].Body))["notices"]![0]!["text"]!);
            }

            Bench.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(["30", "14", "7", "3", "1"], told.Take(5).Select(t => t.Split("ends in ")[1].Split(' ')[0]));
        Assert.Contains("ended on", Assert.Single(told.Skip(5)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_is_mailed_with_its_chain_and_without_its_key()
    {
        using ScriptedMailServer server = new(Certificate.Value);
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.test");
        NotificationPolicy policy = Mail(server, MailSecurity.None, null);
        await Bench.Services.Notifications.SendCertificateAsync(certificate.Id, policy, ["web@test"], null, CancellationToken.None);
        (string _, List<string> to, string text, bool _, bool _) = Assert.Single(server.Taken);
        Assert.Equal(["<web@test>"], to);
        string[] parts = [.. text.Split("--=_").Where(p => p.Contains("base64\n\n", StringComparison.Ordinal)).Select(p => Encoding.UTF8.GetString(Convert.FromBase64String(p.Split("base64\n\n")[1])))];
        Assert.Equal(3, parts.Length);
        Assert.Equal(Pem.Encode("CERTIFICATE", certificate.RawData), parts[1]);
        Assert.DoesNotContain("PRIVATE", string.Concat(parts), StringComparison.Ordinal);
        Assert.True(WasAudited("CertificateMailed", certificate.Id));
    }

    [Fact]
    public void A_policy_that_is_not_whole_is_refused()
    {
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "somebody", () => Set("x", p => p));
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "a b@test", () => Set("x", p => p with { To = ["a b@test"], SmtpServer = "m" }));
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "in the clear", () => Set("x", p => p with { To = ["a@test"], SmtpServer = "m", MailSecurity = MailSecurity.None, UserName = "u" }));
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "address", () => Set("x", p => p with { Channel = NotificationChannel.Slack }));
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "https", () => Set("x", p => p with { Channel = NotificationChannel.Slack }, (ManageNotifications.Url, "http://contoso.com/x")));
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "no script", () => Set("x", p => p with { Channel = NotificationChannel.Script, ScriptPath = "/nowhere.ps1" }));
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "-DaysBeforeExpiry", () => Set("x", p => p with { To = ["a@test"], SmtpServer = "m", DaysBeforeExpiry = [-1] }));
        Fails<NotFoundException>(ErrorIds.NotificationPolicyNotFound, "gone", () => Bench.Services.Notifications.Remove("gone"));
    }

    [Fact]
    public async Task Credentials_that_end_are_told_of_once_for_each_term_until_there_are_new_ones()
    {
        List<HttpCall> calls = [];
        using LoopbackHttpServer server = Server(calls, () => new HttpAnswer(200));
        Bench.DnsProviders = new KeyManager.Dns.DnsProviderRegistry([new KeyManager.Providers.Dns.Services.Script.ScriptProvider()]);
        File.WriteAllText(Bench.File("dns.ps1"), "");
        Hook(server, NotificationChannel.Webhook, null);
        DnsAccount dns = await Bench.Services.DnsAccounts.AddAsync(
            new DnsAccountRequest { Name = "zone", Provider = "Script", Enabled = true, Settings = new Dictionary<string, string> { ["AddPath"] = Bench.File("dns.ps1"), ["RemovePath"] = Bench.File("dns.ps1"), ["Zone"] = "test", [AccountSettings.CredentialExpires] = "05/31/2026 00:00:00" } }, Bench.Reporter, CancellationToken.None);
        Assert.Equal("2026-05-31", dns.Settings[AccountSettings.CredentialExpires]);
        List<string> told = [];
        for (int day = 0; day < 100; day++)
        {
            await Tell();
            if (calls.Count > told.Count)
            {
                told.Add($"{Bench.Clock.UtcNow:MM-dd} {JObject.Parse(Encoding.UTF8.GetString(calls[^1].Body))["notices"]![0]!["text"]}");
            }

            Bench.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(["05-02", "05-18", "05-25", "05-29", "05-31", "06-01"], told.Select(t => t.Substring(0, 5)));
        Assert.EndsWith("The credentials of the DNS account zone (Script) end on 2026-05-31.", told[0], StringComparison.Ordinal);
        Assert.EndsWith("have ended on 2026-05-31.", told[^1], StringComparison.Ordinal);
        Bench.Services.DnsAccounts.Update("zone", new Dictionary<string, string> { [AccountSettings.CredentialExpires] = "" }, new Dictionary<string, byte[]>(), Bench.Reporter);
        Refuses<InvalidRequestException>(ErrorIds.InvalidSetting, "soon", () => Bench.Services.DnsAccounts.Update("zone", new Dictionary<string, string> { [AccountSettings.CredentialExpires] = "soon" }, new Dictionary<string, byte[]>(), Bench.Reporter));
    }

    [Fact]
    public async Task What_is_proved_by_mail_is_told_of_from_a_year_before_that_ends()
    {
        List<HttpCall> calls = [];
        using LoopbackHttpServer server = Server(calls, () => new HttpAnswer(200));
        Set("hook", p => p with { Channel = NotificationChannel.Webhook, Events = NotificationEvents.ProofEnding }, (ManageNotifications.Url, $"http://{server.Authority}/x"));
        Bench.AddScripted(Bench.Able);
        foreach (string name in new[] { "mail.test", "record.test" })
        {
            CertificateOrder order = Bench.Order((await Bench.GetCertificateAsync(name)).OrderId!);
            Bench.Store.Write<object?>(s =>
            {
                s.Orders.Update(order with { ChallengeType = name == "mail.test" ? ChallengeType.Email : ChallengeType.DnsTxt });
                return null;
            });
        }

        Bench.Clock.Advance(new DateTimeOffset(2027, 3, 15, 0, 0, 0, TimeSpan.Zero) - Bench.Clock.UtcNow);
        await Tell();
        Assert.Empty(calls);
        Bench.Clock.Advance(TimeSpan.FromDays(2));
        await Tell();
        await Tell();
        JToken notice = Assert.Single(JObject.Parse(Encoding.UTF8.GetString(Assert.Single(calls).Body))["notices"]!);
        Assert.Equal(("ProofEnding", "mail.test"), ((string?)notice["event"], (string?)notice["name"]));
        Assert.Contains("2028-03-15", (string?)notice["text"], StringComparison.Ordinal);
    }

    private static void SkipWhereTlsIsNotManaged() =>
        Assert.SkipWhen(MonoRuntime.IsHere, "Mono's TLS cannot take a key that was made here for a server.");

    private static RenewalResult Failed(string name) => new()
    {
        Name = name,
        CertificateId = "id of " + name,
        Outcome = RenewalOutcome.Failed,
        Reason = "the proof failed",
        ErrorId = "KmChallengeFailed",
        Remedy = "Mend it.",
        NotAfter = Some.Moment.AddDays(100),
    };

    private static LoopbackHttpServer Server(List<HttpCall> calls, Func<HttpAnswer> answer) => new(call =>
    {
        lock (calls)
        {
            calls.Add(call);
        }

        return answer();
    });

    private Task Tell(params RenewalResult[] results) => Bench.Services.Notifications.RunAsync(results, null, Bench.Reporter, CancellationToken.None);

    private NotificationPolicy Mail(ScriptedMailServer server, MailSecurity security, string? password, string name = "admins")
    {
        string roots = Bench.File("roots.pem");
        File.WriteAllText(roots, Pem.Encode("CERTIFICATE", TestPki.Root.Der) + Pem.Encode("CERTIFICATE", TestPki.Intermediate.Der));
        return Set(
            name,
            p => p with
            {
                To = ["a@test", "b@bücher.test"],
                From = "from@test",
                SmtpServer = "localhost",
                SmtpPort = server.Port,
                MailSecurity = security,
                UserName = password is null ? null : "user",
                TrustedRootPath = roots,
            },
            password is null ? [] : [(ManageNotifications.Password, password)]);
    }

    private NotificationPolicy Hook(LoopbackHttpServer server, NotificationChannel channel, string? key) => Set(
        "hook", p => p with { Channel = channel }, [(ManageNotifications.Url, $"http://{server.Authority}/secret-path"), .. key is null ? [] : new[] { (ManageNotifications.HmacSecret, key) }]);

    private NotificationPolicy Set(string name, Func<NotificationPolicy, NotificationPolicy> change, params (string Name, string Value)[] secrets) =>
        Bench.Services.Notifications.Set(name, change, secrets.ToDictionary(s => s.Name, s => Encoding.UTF8.GetBytes(s.Value)));
}
