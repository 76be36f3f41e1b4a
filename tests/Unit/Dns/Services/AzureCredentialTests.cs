using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Services;
using KeyManager.Providers.Dns.Services.Azure;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

/// <summary>Every way in which an account shows Azure who it is, and what is said when it is not believed.</summary>
public sealed class AzureCredentialTests : IDisposable
{
    private const string Zone = "contoso.test";
    private const string Name = "_acme-challenge.www.contoso.test";
    private const string Password = "pass-of-the-file";
    private const string NoAudience = "https://graph.microsoft.com";

    private readonly FakeClock _clock = new() { SkipsDelays = true };
    private readonly CollectingReporter _reporter = new();
    private readonly TemporaryFolder _folder = new();
    private readonly HttpChannels _channels = new();
    private readonly Dictionary<string, string> _variables = [];
    private readonly List<string> _programs = [];
    private readonly FakeAzure _azure;
    private AzureProvider? _provider;

    public AzureCredentialTests()
    {
        _azure = new FakeAzure(() => _clock.UtcNow) { Identities = { KeyFolder = _folder.Path } };
        _azure.AddZone(Zone);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _channels.Dispose();
        _azure.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_token_is_kept_until_five_minutes_before_its_end()
    {
        DnsContext context = SecretContext();
        await UseAsync(context);
        _clock.Advance(TimeSpan.FromMinutes(54));
        await UseAsync(context);
        Assert.Equal(1, _azure.Entra.Issued);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await UseAsync(context);
        Assert.Equal(2, _azure.Entra.Issued);
    }

    [Fact]
    public async Task A_token_that_lasts_a_moment_is_still_used()
    {
        _azure.Entra.Life = 60;
        await UseAsync(SecretContext());
        _clock.Advance(TimeSpan.FromSeconds(40));
        await UseAsync(SecretContext());
        Assert.Equal(2, _azure.Entra.Issued);
    }

    [Fact]
    public async Task A_token_that_is_no_longer_taken_is_renewed_once()
    {
        DnsContext context = SecretContext();
        await UseAsync(context);
        _azure.Entra.RevokeTokens();
        await UseAsync(context);
        Assert.Equal(2, _azure.Entra.Issued);
    }

    [Theory]
    [InlineData("InvalidAuthenticationToken", "Get-KmDnsAccount")]
    [InlineData("ExpiredAuthenticationToken", "clock")]
    [InlineData("InvalidAuthenticationTokenTenant", "-TenantId")]
    [InlineData("InvalidAuthenticationTokenAudience", "-Environment")]
    public async Task A_token_that_the_management_does_not_take_is_explained(string code, string remedy)
    {
        DnsContext context = SecretContext();
        await UseAsync(context);
        _clock.Advance(TimeSpan.FromMinutes(2));
        _azure.Next(1, _ => FakeAzure.Error(401, code, "Its own words."));
        _azure.Next(1, _azure.Entra.Answer);
        _azure.Next(1, _ => FakeAzure.Error(401, code, "Its own words."));
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => UseAsync(context));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.Contains($"Its own words. ({code}", error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_accounts_do_not_share_a_token()
    {
        await UseAsync(SecretContext());
        await UseAsync(SecretContext(id: "account-2"));
        await UseAsync(SecretContext(("Audience", "https://management.core.windows.net/")));
        Assert.Equal(3, _azure.Entra.Issued);
        Assert.Contains(_azure.Calls, c => Encoding.ASCII.GetString(c.Body).Contains("scope=https%3A%2F%2Fmanagement.core.windows.net%2F%2F.default", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(7000215, "invalid_client", "value")]
    [InlineData(7000222, "invalid_client", "expired")]
    [InlineData(700016, "unauthorized_client", "-TenantId")]
    [InlineData(90002, "invalid_request", "-Environment")]
    [InlineData(900382, "invalid_request", "-Environment")]
    [InlineData(900432, "invalid_request", "-Environment")]
    [InlineData(70011, "invalid_scope", "-Audience")]
    [InlineData(500011, "invalid_resource", "-Audience")]
    [InlineData(700027, "invalid_client", "Upload")]
    [InlineData(70021, "invalid_request", "federated credential")]
    [InlineData(700213, "invalid_client", "federated credential")]
    [InlineData(7000112, "unauthorized_client", "enable")]
    [InlineData(1234567, "invalid_client", "-ClientId")]
    [InlineData(1234567, "invalid_grant_of_tomorrow", "Get-KmDnsAccount")]
    public async Task A_refused_token_is_explained(int number, string kind, string remedy)
    {
        _azure.Entra.Instead = _ => FakeEntra.Error(401, kind, number, $"Its words about '{FakeEntra.Secret}'.");
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => UseAsync(SecretContext()));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.Contains($"AADSTS{number}: Its words about '***'.", error.Message, StringComparison.Ordinal);
        Assert.Contains(kind, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Trace ID", error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeEntra.Secret, error.ToString() + string.Concat(_reporter.Steps), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, "temporarily_unavailable", 90033)]
    [InlineData(400, "temporarily_unavailable", 90033)]
    [InlineData(400, "invalid_request", 90055)]
    [InlineData(429, "invalid_request", 90055)]
    public async Task A_token_that_is_not_to_be_had_now_is_waited_for(int status, string kind, int number)
    {
        int times = 2;
        _azure.Entra.Instead = _ => times-- > 0 ? FakeEntra.Error(status, kind, number, "Come later.") : null;
        await UseAsync(SecretContext());
        Assert.Equal(2, _clock.Delays.Count);
    }

    [Theory]
    [InlineData(400, "<html>")]
    [InlineData(404, "{\"error\":{\"code\":\"x\"}}")]
    [InlineData(200, "{\"token_type\":\"Bearer\"}")]
    [InlineData(200, "{\"token_type\":\"pop\",\"access_token\":\"a\",\"expires_in\":1}")]
    [InlineData(302, "")]
    public async Task An_answer_that_is_no_token_is_named(int status, string body)
    {
        _azure.Entra.Instead = _ => new HttpAnswer(status).WithBody(body);
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => UseAsync(SecretContext()));
        Assert.Equal(ErrorIds.DnsAnswerUnreadable, error.ErrorId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_certificate_is_shown_in_the_place_of_a_secret(bool isPkcs12)
    {
        _azure.Entra.Certificate = TestPki.Issue("CN=KeyManager", TestPki.Key("RSA 2048"), TestPki.Intermediate);
        DnsContext context = CertificateContext(Entry(_azure.Entra.Certificate), isPkcs12);
        Provider.Check(context);
        await UseAsync(context);
        _clock.Advance(TimeSpan.FromHours(2));
        await UseAsync(context);
        Assert.Equal(2, _azure.Entra.Issued);
    }

    [Fact]
    public void An_assertion_is_signed_as_the_RFC_says_and_never_the_same_twice()
    {
        TestPki.Issued issued = TestPki.Issue("CN=KeyManager", TestPki.Key("RSA 2048"), null);
        using ClientCertificate certificate = ClientCertificate.Read(CertificateContext(Entry(issued), true).Setting("ClientCertificatePath")!, Password);
        string assertion = certificate.MakeAssertion(FakeEntra.Client, new Uri("https://login.contoso.test/t/oauth2/v2.0/token"), _clock.UtcNow);
        string[] parts = assertion.Split('.');
        byte[] signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        byte[] signature = Support.Acme.Base64Url.Decode(parts[2]);
        Assert.True(PssSignature.IsValid(issued.Key.SubjectPublicKeyInfo, signed, signature));
        signed[10] ^= 1;
        Assert.False(PssSignature.IsValid(issued.Key.SubjectPublicKeyInfo, signed, signature));
        signed[10] ^= 1;
        signature[100] ^= 1;
        Assert.False(PssSignature.IsValid(issued.Key.SubjectPublicKeyInfo, signed, signature));
        Assert.NotEqual(assertion, certificate.MakeAssertion(FakeEntra.Client, new Uri("https://login.contoso.test/t/oauth2/v2.0/token"), _clock.UtcNow));
    }

    [Fact]
    public async Task A_certificate_that_was_not_uploaded_is_told()
    {
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => UseAsync(CertificateContext(Entry(TestPki.Issue("CN=KeyManager", TestPki.Key("RSA 2048"), null)), true)));
        Assert.Contains("AADSTS700027", error.Message, StringComparison.Ordinal);
        Assert.Contains("Upload the certificate", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(-20)]
    public async Task A_clock_that_is_wrong_is_told_with_both_times(int minutes)
    {
        DateTimeOffset theirs = _clock.UtcNow;
        using FakeAzure azure = new(() => theirs);
        azure.Entra.Certificate = TestPki.Issue("CN=KeyManager", TestPki.Key("RSA 2048"), null);
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(
            () => UseAsync(CertificateContext(Entry(azure.Entra.Certificate), true, ("BaseUrl", azure.Url.AbsoluteUri), ("AuthorityUrl", azure.Url.AbsoluteUri))));
        Assert.Equal(ErrorIds.DnsClockWrong, error.ErrorId);
        Assert.Contains($"{theirs:yyyy-MM-dd HH:mm:ss}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{_clock.UtcNow:yyyy-MM-dd HH:mm:ss}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_can_never_work_is_refused()
    {
        TestPki.Issued rsa = TestPki.Issue("CN=KeyManager", TestPki.Key("RSA 2048"), null);
        DnsContext good = CertificateContext(Entry(rsa), true);
        Refused(CertificateContext(Entry(rsa), true, secrets: new() { ["ClientCertificatePassword"] = "wrong" }), "password");
        Refused(CertificateContext(Entry(TestPki.Issue("CN=KeyManager", TestPki.NewKey(), null)), true), "no RSA key");
        Refused(CertificateContext(Entry(TestPki.Issue("CN=KeyManager", TestPki.Key("RSA 2048"), null, notAfter: new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc))), true), "expired on 2026-02-01");
        Refused(CertificateContext(Entry(rsa) with { Key = null }, false), "no RSA key");
        File.Delete(good.Setting("ClientCertificatePath")!);
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<InvalidRequestException>(() => Provider.Check(good)).ErrorId);
    }

    [Fact]
    public async Task The_token_of_another_issuer_is_read_anew_each_time()
    {
        string path = _folder.File("token");
        File.WriteAllText(path, " first.federated.token \n");
        _azure.Entra.FederatedToken = "first.federated.token";
        DnsContext context = Context(Settings(("FederatedTokenPath", path)), []);
        Provider.Check(context);
        await UseAsync(context);
        _clock.Advance(TimeSpan.FromHours(2));
        File.WriteAllText(path, "second.federated.token");
        _azure.Entra.FederatedToken = "second.federated.token";
        await UseAsync(context);
        Assert.Equal(2, _azure.Entra.Issued);
        _clock.Advance(TimeSpan.FromHours(2));
        _azure.Entra.FederatedToken = "third.federated.token";
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => UseAsync(context));
        Assert.Contains("federated credential", error.Remedy, StringComparison.Ordinal);
        _azure.Entra.Instead = _ => FakeEntra.Error(401, "invalid_client", 700024, "Client assertion is not within its valid time range.");
        error = await Assert.ThrowsAsync<CredentialException>(() => UseAsync(context));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.Contains(path, error.Remedy, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<InvalidRequestException>(() => Provider.Check(context)).ErrorId);
        File.WriteAllText(path, "\n");
        Refused(context, "holds no token");
    }

    [Theory]
    [InlineData("https://management.azure.com/")]
    [InlineData("https://management.core.windows.net")]
    public async Task A_ready_made_token_is_used_as_long_as_it_lasts(string audience)
    {
        DnsContext context = TokenContext("Bearer " + _azure.Entra.MakeToken(audience, _clock.UtcNow.AddHours(1)));
        Provider.Check(context);
        await UseAsync(context);
        _clock.Advance(TimeSpan.FromMinutes(61));
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => UseAsync(context));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.Contains("ended on 2026-03-01 13:00:00", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ready_made_token_for_something_else_is_refused()
    {
        Refused(TokenContext(_azure.Entra.MakeToken(NoAudience, _clock.UtcNow.AddHours(1))), NoAudience);
        foreach (string token in new[] { "", "a.b", "a.b.c", "eyJ0.e30.x", "p+q" })
        {
            if (token.Length > 0)
            {
                Refused(TokenContext(token), "no access token");
            }
        }

        DnsContext context = TokenContext(_azure.Entra.MakeToken("https://management.azure.com", _clock.UtcNow.AddHours(1)));
        _azure.Entra.RevokeTokens();
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => UseAsync(context));
        Assert.Contains("InvalidAuthenticationToken", error.Message, StringComparison.Ordinal);
        Assert.Single(_azure.Calls);
    }

    [Theory]
    [InlineData("VirtualMachine", "/identity/vm", "")]
    [InlineData("Auto", "/identity/vm", "")]
    [InlineData("Auto", "/identity/app", "IDENTITY_ENDPOINT=app IDENTITY_HEADER=h")]
    [InlineData("AppService", "/identity/app", "IDENTITY_ENDPOINT=app?extra=1 IDENTITY_HEADER=h")]
    [InlineData("Auto", "/identity/app", "IDENTITY_ENDPOINT=app IDENTITY_HEADER=h IMDS_ENDPOINT=x MSI_ENDPOINT=old MSI_SECRET=h program")]
    [InlineData("Auto", "/identity/old", "MSI_ENDPOINT=old MSI_SECRET=h")]
    [InlineData("Auto", "/identity/arc", "IDENTITY_ENDPOINT=arc IMDS_ENDPOINT=x")]
    [InlineData("Auto", "/identity/arc", "program")]
    [InlineData("arc", "/identity/arc", "")]
    [InlineData("VirtualMachine", "/identity/vm", "IDENTITY_ENDPOINT=app IDENTITY_HEADER=h")]
    public async Task The_identity_of_the_machine_is_had_where_the_machine_says(string kind, string place, string surroundings)
    {
        Surround(surroundings);
        DnsContext context = IdentityContext(("ManagedIdentity", kind), ("Proxy", "http://127.0.0.1:9"));
        Provider.Check(context);
        _ = await TokensOf(context);
        Assert.Equal(place == "/identity/arc" ? 2 : 1, _azure.Calls.Count);
        Assert.All(_azure.Calls, c => Assert.StartsWith(place, c.Target, StringComparison.Ordinal));
        _clock.Advance(TimeSpan.FromHours(23));
        await UseAsync(IdentityContext(("ManagedIdentity", kind)));
    }

    [Theory]
    [InlineData("IdentityClientId", FakeIdentities.UserAssigned, "VirtualMachine")]
    [InlineData("IdentityObjectId", FakeIdentities.UserAssignedObject, "VirtualMachine")]
    [InlineData("IdentityResourceId", FakeIdentities.UserAssignedResource, "VirtualMachine")]
    [InlineData("IdentityClientId", FakeIdentities.UserAssigned, "AppService")]
    [InlineData("IdentityObjectId", FakeIdentities.UserAssignedObject, "AppService")]
    [InlineData("IdentityResourceId", FakeIdentities.UserAssignedResource, "AppService")]
    [InlineData("IdentityClientId", FakeIdentities.UserAssigned, "Arc")]
    [InlineData("IdentityObjectId", FakeIdentities.UserAssignedObject, "Arc")]
    [InlineData("IdentityResourceId", FakeIdentities.UserAssignedResource, "Arc")]
    public async Task A_user_assigned_identity_is_chosen(string setting, string id, string kind)
    {
        if (kind == "AppService")
        {
            Surround("IDENTITY_ENDPOINT=app IDENTITY_HEADER=h");
        }

        DnsContext context = IdentityContext(("ManagedIdentity", kind), (setting, id));
        Provider.Check(context);
        await UseAsync(context);
        Assert.Equal(id, _azure.Identities.LastIdentity);
    }

    [Fact]
    public async Task The_old_host_of_web_apps_knows_client_ids_only()
    {
        Surround("MSI_ENDPOINT=old MSI_SECRET=h");
        await UseAsync(IdentityContext(("ManagedIdentity", "AppService"), ("IdentityClientId", FakeIdentities.UserAssigned)));
        Assert.Equal(FakeIdentities.UserAssigned, _azure.Identities.LastIdentity);
        InvalidRequestException error = await Assert.ThrowsAsync<InvalidRequestException>(
            () => UseAsync(IdentityContext(("ManagedIdentity", "AppService"), ("IdentityObjectId", FakeIdentities.UserAssignedObject))));
        Assert.Contains("-IdentityClientId", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_that_is_not_there_is_told()
    {
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => UseAsync(IdentityContext(("ManagedIdentity", "VirtualMachine"), ("IdentityClientId", FakeEntra.Client))));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.Contains("Identity not found", error.Message, StringComparison.Ordinal);
        Assert.Contains(FakeEntra.Client, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_audience_that_the_identity_does_not_know_is_told()
    {
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => UseAsync(IdentityContext(("ManagedIdentity", "VirtualMachine"), ("Audience", NoAudience))));
        Assert.Contains("invalid_resource", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Audience", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_agent_that_gives_another_identity_is_told()
    {
        _azure.Identities.ArcKnowsIdentities = false;
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => UseAsync(IdentityContext(("ManagedIdentity", "Arc"), ("IdentityClientId", FakeIdentities.UserAssigned))));
        Assert.Contains("system-assigned", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _azure.RecordRequests);
    }

    [Theory]
    [InlineData("/etc/shadow")]
    [InlineData("{0}/../secret.key")]
    [InlineData("{0}/sub/secret.key")]
    [InlineData("{0}/secret.txt")]
    [InlineData("secret.key")]
    [InlineData("")]
    public async Task The_agent_of_Arc_gets_no_other_file(string path)
    {
        _azure.Identities.KeyFile = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, _folder.Path);
        File.WriteAllText(_folder.File("secret.txt"), "secret");
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => UseAsync(IdentityContext(("ManagedIdentity", "Arc"))));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.Contains("none of its keys", error.Message, StringComparison.Ordinal);
        Assert.Null(Assert.Single(_azure.Calls).Field("Authorization"));
    }

    [Theory]
    [InlineData(4097)]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_key_of_Arc_that_cannot_be_read_is_told(int length)
    {
        string path = _azure.Identities.KeyFile = _folder.File("own.key");
        if (length != 0)
        {
            File.WriteAllText(path, length < 0 ? "two\nlines" : new string('k', length));
        }

        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => UseAsync(IdentityContext(("ManagedIdentity", "Arc"))));
        Assert.Contains("himds", error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("two", error.Message, StringComparison.Ordinal);
        Assert.Single(_azure.Calls);
    }

    [Theory]
    [InlineData(404, 4, 30)]
    [InlineData(429, 4, 30)]
    [InlineData(500, 4, 30)]
    [InlineData(410, 6, 60)]
    public async Task The_metadata_service_is_waited_for(int status, int times, int seconds)
    {
        Refill(status, times);
        DateTimeOffset start = _clock.UtcNow;
        await UseAsync(IdentityContext(("ManagedIdentity", "VirtualMachine")));
        Assert.Equal(TimeSpan.FromSeconds(seconds), _clock.UtcNow - start);
        Refill(status, 20);
        TransportException error = await Assert.ThrowsAsync<TransportException>(() => UseAsync(IdentityContext(("ManagedIdentity", "Auto"))));
        Assert.Equal(ErrorIds.DnsUnavailable, error.ErrorId);
    }

    [Fact]
    public async Task A_machine_without_a_metadata_service_is_told()
    {
        _azure.Identities.Before.Enqueue(HttpAnswer.Json(403, new Dictionary<string, object?> { ["error"] = "x", ["error_description"] = "A socket operation was attempted to an unreachable network" }));
        await UnreachableAsync(IdentityContext(("ManagedIdentity", "VirtualMachine")));
        _provider = new AzureProvider(_channels, _clock, Machine() with { MetadataUrl = new Uri($"http://127.0.0.1:{LoopbackPorts.Take(1)[0]}/") }, (_, _, _) => Task.FromResult<IReadOnlyList<string>>([]));
        await UnreachableAsync(IdentityContext(("ManagedIdentity", "VirtualMachine")));
        TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        _provider = new AzureProvider(_channels, _clock, Machine() with { MetadataUrl = new Uri($"http://{silent.LocalEndpoint}/"), Patience = TimeSpan.FromMilliseconds(200) }, (_, _, _) => Task.FromResult<IReadOnlyList<string>>([]));
        await UnreachableAsync(IdentityContext(("ManagedIdentity", "VirtualMachine")));
        silent.Stop();
    }

    [Theory]
    [InlineData("Auto", "IDENTITY_ENDPOINT=app IDENTITY_HEADER=h IDENTITY_SERVER_THUMBPRINT=x", "Service Fabric")]
    [InlineData("Auto", "MSI_ENDPOINT=old", "Cloud Shell")]
    [InlineData("AppService", "", "IDENTITY_ENDPOINT")]
    public async Task A_machine_that_is_not_supported_is_told(string kind, string surroundings, string named)
    {
        Surround(surroundings);
        InvalidRequestException error = await Assert.ThrowsAsync<InvalidRequestException>(() => UseAsync(IdentityContext(("ManagedIdentity", kind))));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Empty(_azure.Calls);
    }

    [Fact]
    public async Task The_key_of_Arc_stays_on_this_machine()
    {
        _variables["IDENTITY_ENDPOINT"] = "http://192.0.2.1/identity/arc";
        _variables["IMDS_ENDPOINT"] = "x";
        await Assert.ThrowsAsync<InvalidRequestException>(() => UseAsync(IdentityContext(("ManagedIdentity", "Arc"))));
    }

    [Theory]
    [InlineData("AzureCloud", "https://login.microsoftonline.com/", "https://management.azure.com/", "https://management.azure.com/.default", 4096)]
    [InlineData("azureusgovernment", "https://login.microsoftonline.us/", "https://management.usgovcloudapi.net/", "https://management.usgovcloudapi.net/.default", 1024)]
    [InlineData("AzureChinaCloud", "https://login.chinacloudapi.cn/", "https://management.chinacloudapi.cn/", "https://management.chinacloudapi.cn/.default", 1024)]
    public void A_cloud_is_one_bundle(string name, string login, string management, string scope, int longest)
    {
        AzureSettings settings = new(Context(new() { ["Environment"] = name, ["TenantId"] = "contoso.test" }, []));
        Assert.Equal(login + "contoso.test/oauth2/v2.0/token", settings.TokenUrl.AbsoluteUri);
        Assert.Equal(management, settings.ManagementUrl.AbsoluteUri);
        Assert.Equal(management, settings.Resource);
        Assert.Equal(scope, settings.Scope);
        Assert.Equal(longest, settings.Cloud.LongestRecordSet);
        Assert.All(settings.Audiences, a => Assert.StartsWith("https://management.", a, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SubscriptionId", "", "-ZoneId")]
    [InlineData("SubscriptionId", "my subscription", "my subscription")]
    [InlineData("ZoneId", "contoso.test", "contoso.test")]
    [InlineData("ZoneId", "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/dnsZones/contoso.test/TXT/_acme-challenge", "_acme-challenge")]
    [InlineData("ZoneId", "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/contoso.test", "private zone")]
    [InlineData("ResourceGroup", "a/b", "a/b")]
    [InlineData("TenantId", "common", "common")]
    [InlineData("TenantId", "a/b", "a/b")]
    [InlineData("ClientId", "my app", "my app")]
    [InlineData("IdentityClientId", FakeIdentities.UserAssigned, "ManagedIdentity")]
    [InlineData("AuthorityUrl", "http://login.contoso.test", "AuthorityUrl")]
    [InlineData("BaseUrl", "ftp://x", "BaseUrl")]
    public void A_setting_that_can_never_work_is_refused(string setting, string value, string named)
    {
        Refused(Context(Settings((setting, value)), new() { ["ClientSecret"] = FakeEntra.Secret }), named);
    }

    [Fact]
    public void A_resource_group_goes_with_one_subscription() =>
        Refused(Context(Settings(("SubscriptionId", $"{FakeAzure.Subscription},{FakeEntra.Client}"), ("ResourceGroup", "g")), new() { ["ClientSecret"] = FakeEntra.Secret }), "one subscription");

    [Fact]
    public void A_managed_identity_has_one_id() =>
        Refused(IdentityContext(("ManagedIdentity", "Auto"), ("IdentityClientId", FakeIdentities.UserAssigned), ("IdentityObjectId", FakeIdentities.UserAssigned)), "one id");

    private AzureProvider Provider => _provider ??= new AzureProvider(_channels, _clock, Machine(), (_, _, _) => Task.FromResult<IReadOnlyList<string>>([]));

    private AzureMachine Machine() => new()
    {
        Variable = name => _variables.TryGetValue(name, out string? value) ? value : null,
        MetadataUrl = new Uri(_azure.Url, "identity/vm"),
        ArcUrl = new Uri(_azure.Url, "identity/arc"),
        ArcKeyFolder = _folder.Path,
        ArcPrograms = _programs,
    };

    private void Surround(string words)
    {
        foreach (string word in words.Split([' '], StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = word.Split(['='], 2);
            if (parts.Length == 1)
            {
                _programs.Add(_folder.File("himds"));
                File.WriteAllText(_folder.File("himds"), "");
                continue;
            }

            _variables[parts[0]] = parts[1] == "h" ? FakeIdentities.Header : parts[0].EndsWith("_ENDPOINT", StringComparison.Ordinal) && parts[1] != "x" ? $"{_azure.Url}identity/{parts[1]}" : parts[1];
        }
    }

    private void Refill(int status, int times)
    {
        _azure.Identities.Before.Clear();
        for (int i = 0; i < times; i++)
        {
            _azure.Identities.Before.Enqueue(HttpAnswer.Json(status, new Dictionary<string, object?> { ["error"] = "later" }));
        }
    }

    private Task<AccessToken> TokensOf(DnsContext context) => new AzureTokens(_channels, _clock, Machine()).GetAsync(new AzureSettings(context), Token);

    private async Task UnreachableAsync(DnsContext context)
    {
        TransportException error = await Assert.ThrowsAsync<TransportException>(() => UseAsync(context));
        Assert.Equal(ErrorIds.DnsUnreachable, error.ErrorId);
        Assert.Contains("runs in Azure", error.Remedy, StringComparison.Ordinal);
    }

    private async Task UseAsync(DnsContext context)
    {
        HostedZone zone = new($"/subscriptions/{FakeAzure.Subscription}/resourceGroups/{FakeAzure.ResourceGroup}/providers/Microsoft.Network/dnsZones/{Zone}", Zone);
        await Provider.ApplyAsync(context, zone, [RecordChange.Add(DnsRecordType.Txt, Name, "proof")], Token);
    }

    private void Refused(DnsContext context, string named)
    {
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => Provider.Check(context));
        Assert.Equal(ErrorIds.InvalidSetting, error.ErrorId);
        Assert.Contains(named, $"{error.Message} {error.Remedy}", StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    private static KeystoreEntry Entry(TestPki.Issued issued) => new() { Alias = "client", Key = issued.Key, Certificates = [issued.Der] };

    private Dictionary<string, string> Settings(params (string Name, string Value)[] more)
    {
        Dictionary<string, string> settings = _azure.Settings.ToDictionary(s => s.Key, s => s.Value);
        foreach ((string name, string value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    private DnsContext SecretContext(params (string Name, string Value)[] more) => Context(Settings(more), new() { ["ClientSecret"] = FakeEntra.Secret });

    private DnsContext SecretContext(string id) => Context(Settings(), new() { ["ClientSecret"] = FakeEntra.Secret }, id);

    private DnsContext TokenContext(string token) => Context(
        new() { ["SubscriptionId"] = FakeAzure.Subscription, ["BaseUrl"] = _azure.Url.AbsoluteUri }, new() { ["AccessToken"] = token });

    private DnsContext IdentityContext(params (string Name, string Value)[] more)
    {
        Dictionary<string, string> settings = new() { ["SubscriptionId"] = FakeAzure.Subscription, ["BaseUrl"] = _azure.Url.AbsoluteUri };
        foreach ((string name, string value) in more)
        {
            settings[name] = value;
        }

        return Context(settings, []);
    }

    private DnsContext CertificateContext(KeystoreEntry entry, bool isPkcs12, params (string Name, string Value)[] more) => CertificateContext(entry, isPkcs12, null, more);

    private DnsContext CertificateContext(KeystoreEntry entry, bool isPkcs12, Dictionary<string, string>? secrets, params (string Name, string Value)[] more)
    {
        string path = _folder.File(Identifier.New());
        IKeystoreFormat format = isPkcs12 ? new Pkcs12Format(16) : new PemFormat(new KeyTools(), new CertificateTools());
        File.WriteAllBytes(path, format.Write([entry], new KeystoreOptions { Password = isPkcs12 ? Password : null }));
        return Context(Settings([.. more, ("ClientCertificatePath", path)]), secrets ?? (isPkcs12 ? new() { ["ClientCertificatePassword"] = Password } : []));
    }

    private DnsContext Context(Dictionary<string, string> settings, Dictionary<string, string> secrets, string id = "account-1") => new(
        new DnsAccount
        {
            Id = id,
            Name = "records",
            Provider = "Azure",
            Settings = settings,
            Secrets = [.. secrets.Keys],
            CreatedAt = _clock.UtcNow,
            UpdatedAt = DateTimeOffset.MinValue,
        },
        name => secrets.TryGetValue(name, out string? secret) ? Encoding.UTF8.GetBytes(secret) : null,
        _reporter);
}
