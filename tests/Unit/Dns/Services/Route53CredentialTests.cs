using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Services;
using KeyManager.Providers.Dns.Services.Route53;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

/// <summary>Every way in which an account for Route 53 shows who it is. The fakes know only the keys that were handed out, and check each signature.</summary>
public sealed class Route53CredentialTests : IDisposable
{
    private const string Session = "FwoGsession//token==";
    private const string Temporary = "ASIATEMPORARYKEY0001";

    private readonly FakeClock _clock = new();
    private readonly CollectingReporter _reporter = new();
    private readonly TemporaryFolder _folder = new();
    private readonly HttpChannels _channels = new();
    private readonly FakeRoute53 _service;
    private readonly FakeMetadata _metadata;
    private readonly TestEnvironment _environment;
    private readonly Route53Provider _provider;

    public Route53CredentialTests()
    {
        _service = new FakeRoute53(_clock);
        _service.AddZone("contoso.test");
        _service.Keys[Temporary] = (FakeRoute53.Secret, Session, null);
        _metadata = new FakeMetadata(_service, _clock);
        _environment = new TestEnvironment(_folder.Path);
        _environment.Variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = _metadata.Url;
        _provider = new Route53Provider(_channels, _clock, _environment);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _channels.Dispose();
        _folder.Dispose();
        _metadata.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task A_temporary_key_sends_and_signs_its_session_token()
    {
        await FindAsync(Context([("AccessKeyId", Temporary)], [("SecretAccessKey", FakeRoute53.Secret), ("SessionToken", Session)]));
        Assert.All(_service.Calls, c => Assert.Equal(Session, c.Field("X-Amz-Security-Token")));
    }

    [Fact]
    public async Task A_secret_that_was_pasted_with_a_line_break_works() =>
        await FindAsync(Context([("AccessKeyId", " " + FakeRoute53.AccessKey)], [("SecretAccessKey", " " + FakeRoute53.Secret + "\r\n")]));

    [Theory]
    [InlineData("AWS_SESSION_TOKEN")]
    [InlineData("AWS_SECURITY_TOKEN")]
    public async Task The_environment_gives_a_key(string token)
    {
        Variables(("AWS_ACCESS_KEY_ID", Temporary), ("AWS_SECRET_ACCESS_KEY", FakeRoute53.Secret), (token, Session));
        await FindAsync(From("Environment"));
        await FindAsync(From("Automatic"));
    }

    [Theory]
    [InlineData("[other]\naws_access_key_id = x\n\n[dns]\n# ours\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key= wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY \n", "")]
    [InlineData("", "[default]\nregion = eu-west-1\n[profile dns]\nAWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\ns3 =\n  max_queue_size = 1000\naws_secret_access_key=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")]
    [InlineData("[dns]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "[profile \"dns\"]\nregion = us-east-1\naws_access_key_id = WRONGWRONGWRONGWRONG\n[dns]\nregion = nonsense")]
    public async Task A_profile_gives_a_key(string credentials, string config)
    {
        Files(credentials, config);
        await FindAsync(Profile("dns"));
        Variables(("AWS_PROFILE", "dns"));
        await FindAsync(From("Automatic"));
    }

    [Fact]
    public async Task The_files_of_profiles_are_those_of_the_account_then_those_of_the_environment()
    {
        string text = $"[dns]\naws_access_key_id = {FakeRoute53.AccessKey}\naws_secret_access_key = {FakeRoute53.Secret}";
        File.WriteAllText(_folder.File("named"), text);
        await FindAsync(Context([("ProfileName", "dns"), ("SharedCredentialsPath", _folder.File("named"))], []));
        Variables(("AWS_SHARED_CREDENTIALS_FILE", _folder.File("named")));
        await FindAsync(Profile("dns"));
        File.WriteAllText(_folder.File("config"), text.Replace("[dns]", "[profile dns]"));
        Variables(("AWS_SHARED_CREDENTIALS_FILE", _folder.File("none")), ("AWS_CONFIG_FILE", _folder.File("config")));
        await FindAsync(Profile("dns"));
    }

    [Fact]
    public async Task A_profile_that_is_named_counts_before_keys_in_the_environment()
    {
        Variables(("AWS_ACCESS_KEY_ID", "WRONGWRONGWRONGWRONG"), ("AWS_SECRET_ACCESS_KEY", "wrong"));
        Files($"[dns]\naws_access_key_id = {FakeRoute53.AccessKey}\naws_secret_access_key = {FakeRoute53.Secret}", "");
        await FindAsync(Profile("dns"));
        await Assert.ThrowsAsync<CredentialException>(() => FindAsync(From("Automatic")));
    }

    [Fact]
    public async Task A_role_is_assumed_with_the_key_and_kept_until_a_quarter_of_an_hour_before_its_end()
    {
        _service.ExternalId = "K/1+=";
        DnsContext context = Context(
            [("AccessKeyId", FakeRoute53.AccessKey), ("RoleArn", FakeRoute53.Role), ("ExternalId", "K/1+="), ("RoleSessionName", "tls@contoso"), ("RoleDuration", "3600")], [("SecretAccessKey", FakeRoute53.Secret)]);
        await FindAsync(context);
        await FindAsync(context);
        Assert.Equal(1, Assumed);
        _clock.Advance(TimeSpan.FromMinutes(42));
        await FindAsync(context);
        Assert.Equal(1, Assumed);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await FindAsync(context);
        Assert.Equal(2, Assumed);
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => FindAsync(Context(
            [("AccessKeyId", FakeRoute53.AccessKey), ("RoleArn", FakeRoute53.Role)], [("SecretAccessKey", FakeRoute53.Secret)])));
        Assert.Equal(ErrorIds.DnsRightMissing, error.ErrorId);
        Assert.Contains(FakeRoute53.Role, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "AccessDenied", ErrorIds.DnsRightMissing, 1)]
    [InlineData(400, "ExpiredTokenException", ErrorIds.DnsCredentialRejected, 1)]
    [InlineData(400, "InvalidIdentityToken", ErrorIds.DnsCredentialRejected, 1)]
    [InlineData(400, "ValidationError", ErrorIds.DnsCredentialRejected, 1)]
    [InlineData(400, "IDPCommunicationError", ErrorIds.DnsCredentialRejected, 3)]
    [InlineData(403, "RegionDisabledException", ErrorIds.DnsCredentialRejected, 1)]
    public async Task A_refusal_to_hand_out_a_role_is_told_in_our_terms(int status, string code, string errorId, int calls)
    {
        _clock.SkipsDelays = true;
        _service.Fail = call => call.Target == "/" ? _service.Error(status, code, "its own words") : null;
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => FindAsync(Context([("AccessKeyId", FakeRoute53.AccessKey), ("RoleArn", FakeRoute53.Role)], [("SecretAccessKey", FakeRoute53.Secret)])));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains("its own words", error.Message, StringComparison.Ordinal);
        Assert.Equal(calls, Assumed);
    }

    [Fact]
    public async Task A_session_that_ended_early_is_replaced_once()
    {
        DnsContext context = Context([("AccessKeyId", FakeRoute53.AccessKey), ("RoleArn", FakeRoute53.Role)], [("SecretAccessKey", FakeRoute53.Secret)]);
        await FindAsync(context);
        string id = _service.Keys.Keys.Single(k => k.EndsWith("TEST", StringComparison.Ordinal));
        _service.Keys[id] = (_service.Keys[id].Secret, _service.Keys[id].Token, _clock.UtcNow);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await FindAsync(context);
        Assert.Equal(2, Assumed);
        _service.SessionLength = TimeSpan.FromSeconds(-1);
        _clock.Advance(TimeSpan.FromMinutes(50));
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => FindAsync(context));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.Equal(4, Assumed);
    }

    [Fact]
    public async Task Accounts_and_mappings_with_other_roles_do_not_share_a_session()
    {
        await FindAsync(Context([("AccessKeyId", FakeRoute53.AccessKey), ("RoleArn", FakeRoute53.Role)], [("SecretAccessKey", FakeRoute53.Secret)]));
        await FindAsync(Context([("AccessKeyId", FakeRoute53.AccessKey), ("RoleArn", FakeRoute53.Role), ("RoleSessionName", "other")], [("SecretAccessKey", FakeRoute53.Secret)]));
        Assert.Equal(2, Assumed);
    }

    [Theory]
    [InlineData("[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/dns\nsource_profile = base\nexternal_id = ext\nrole_session_name = tls\nduration_seconds = 900\n[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")]
    [InlineData("[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/dns\nsource_profile = dns\nexternal_id = ext\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")]
    [InlineData("[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/dns\ncredential_source = Environment\nexternal_id = ext")]
    [InlineData("[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/dns\ncredential_source = Ec2InstanceMetadata\nexternal_id = ext")]
    [InlineData("[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/dns\ncredential_source = EcsContainer\nexternal_id = ext")]
    [InlineData("[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/dns\nsource_profile = middle\nexternal_id = ext\n[profile middle]\nrole_arn = arn:aws:iam::123456789012:role/dns\nexternal_id = ext\ncredential_source = Environment")]
    public async Task A_profile_assumes_a_role(string config)
    {
        _service.ExternalId = "ext";
        Files("", config);
        Variables(("AWS_ACCESS_KEY_ID", FakeRoute53.AccessKey), ("AWS_SECRET_ACCESS_KEY", FakeRoute53.Secret), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", _metadata.Url + "/v2/credentials/x"));
        await FindAsync(Profile("dns"));
        Assert.Equal(config.Contains("middle") ? 2 : 1, Assumed);
    }

    [Theory]
    [InlineData("us-gov-west-1", "us-gov-west-1", "us-gov-west-1")]
    [InlineData("eu-central-1", "us-east-1", "eu-central-1")]
    public async Task The_region_of_a_profile_chooses_where_roles_are_assumed(string region, string signingRegion, string stsRegion)
    {
        (_service.Region, _service.StsRegion) = (signingRegion, stsRegion);
        Files("", $"[profile dns]\nregion = {region}\nrole_arn = {FakeRoute53.Role}\nsource_profile = base\n[profile base]\naws_access_key_id = {FakeRoute53.AccessKey}\naws_secret_access_key = {FakeRoute53.Secret}");
        await FindAsync(Profile("dns"));
    }

    [Fact]
    public async Task A_web_identity_is_a_role_for_a_token_and_read_anew_each_time()
    {
        string path = _folder.File("token");
        File.WriteAllText(path, _service.WebToken + "\n");
        DnsContext context = Context([("WebIdentityTokenPath", path), ("RoleArn", FakeRoute53.Role)], []);
        await FindAsync(context);
        File.WriteAllText(path, _service.WebToken = "eyJ.second.token");
        _clock.Advance(TimeSpan.FromMinutes(50));
        await FindAsync(context);
        Assert.Equal(2, Assumed);
        Variables(("AWS_WEB_IDENTITY_TOKEN_FILE", path), ("AWS_ROLE_ARN", FakeRoute53.Role), ("AWS_ROLE_SESSION_NAME", "pod"));
        await FindAsync(From("WebIdentity"));
        await FindAsync(From("Automatic"));
        Files("", $"[profile dns]\nrole_arn = {FakeRoute53.Role}\nweb_identity_token_file = {path}");
        await FindAsync(Profile("dns"));
        File.WriteAllText(path, "eyJ.stolen.token");
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => FindAsync(Context([("WebIdentityTokenPath", path), ("RoleArn", FakeRoute53.Role), ("RoleSessionName", "again")], [])));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.DoesNotContain("stolen", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_role_of_the_instance_is_asked_for_by_version_2()
    {
        await FindAsync(From("Ec2InstanceMetadata"));
        Assert.Equal(["PUT /latest/api/token", "GET /latest/meta-data/iam/security-credentials/", "GET /latest/meta-data/iam/security-credentials/web%20server"], _metadata.Calls);
        _clock.Advance(TimeSpan.FromHours(5));
        await FindAsync(From("Ec2InstanceMetadata"));
        Assert.Equal(3, _metadata.Calls.Count);
        _clock.Advance(TimeSpan.FromMinutes(50));
        await FindAsync(From("Ec2InstanceMetadata"));
        Assert.Equal(6, _metadata.Calls.Count);
        await FindAsync(From("Automatic"));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    public async Task Version_1_is_taken_where_there_is_no_other(int status)
    {
        _metadata.TokenStatus = status;
        await FindAsync(From("Ec2InstanceMetadata"));
    }

    [Fact]
    public async Task An_instance_without_a_role_and_a_role_that_cannot_be_had_are_named()
    {
        _metadata.Role = null;
        Assert.Contains("no role", (await RejectedAsync(From("Ec2InstanceMetadata"))).Message, StringComparison.Ordinal);
        _metadata.Role = "web server";
        _metadata.Refusal = """{"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role web server."}""";
        Assert.Contains("EC2 cannot assume", (await RejectedAsync(From("Ec2InstanceMetadata"))).Message, StringComparison.Ordinal);
        _metadata.Refusal = "<html/>";
        Assert.Contains("usable", (await RejectedAsync(From("Ec2InstanceMetadata"))).Message, StringComparison.Ordinal);
        _metadata.TokenStatus = 400;
        Assert.Contains("400", (await RejectedAsync(From("Ec2InstanceMetadata"))).Message, StringComparison.Ordinal);
        Variables(("AWS_EC2_METADATA_DISABLED", "true"));
        Assert.Contains("AWS_EC2_METADATA_DISABLED", (await RejectedAsync(From("Ec2InstanceMetadata"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_without_metadata_does_not_hang()
    {
        _clock.SkipsDelays = true; // the second of patience is over at once
        using LoopbackHttpServer silent = new(_ =>
        {
            Thread.Sleep(Timeout.Infinite);
            return HttpAnswer.Drop();
        });
        Variables(("AWS_EC2_METADATA_SERVICE_ENDPOINT", $"http://{silent.Authority}"));
        TransportException error = await Assert.ThrowsAsync<TransportException>(() => FindAsync(From("Ec2InstanceMetadata")));
        Assert.Equal(ErrorIds.DnsUnreachable, error.ErrorId);
        Assert.Contains("hop", error.Remedy, StringComparison.Ordinal);
        Assert.Equal(2, _clock.Delays.Count(d => d == TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task The_metadata_are_never_asked_over_the_proxy()
    {
        List<string> seen = [];
        using LoopbackHttpServer proxy = new(call =>
        {
            seen.Add(call.Target);
            return new HttpAnswer(400);
        });
        await Record.ExceptionAsync(() => FindAsync(Context([("CredentialSource", "Ec2InstanceMetadata"), ("Proxy", $"http://{proxy.Authority}")], [])));
        Assert.Equal(3, _metadata.Calls.Count);
        Assert.DoesNotContain(seen, target => target.Contains("latest"));
    }

    [Fact]
    public async Task The_role_of_a_container_is_asked_for_with_its_token()
    {
        Variables(("AWS_CONTAINER_CREDENTIALS_FULL_URI", _metadata.Url + "/v2/credentials/x"));
        await FindAsync(From("EcsContainer"));
        string path = _folder.File("token");
        File.WriteAllText(path, _metadata.Authorization = "Bearer pod.token");
        Variables(("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "other"));
        _clock.Advance(TimeSpan.FromHours(6));
        await FindAsync(From("EcsContainer"));
        await FindAsync(From("Automatic"));
        File.WriteAllText(path, "Bearer\r\nX: y");
        _clock.Advance(TimeSpan.FromHours(6));
        Assert.Equal(ErrorIds.InvalidSetting, (await Assert.ThrowsAsync<InvalidRequestException>(() => FindAsync(From("EcsContainer")))).ErrorId);
        File.WriteAllText(path, "wrong");
        Assert.Contains("401", (await RejectedAsync(From("EcsContainer"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/credentials/x", null, "http://169.254.170.2/v2/credentials/x")]
    [InlineData(null, "http://169.254.170.23/v1/credentials", "http://169.254.170.23/v1/credentials")]
    [InlineData(null, "http://[fd00:ec2::23]/v1/credentials", "http://[fd00:ec2::23]/v1/credentials")]
    [InlineData(null, "https://credentials.contoso.test/x", "https://credentials.contoso.test/x")]
    [InlineData(null, "http://localhost:1234/x", "http://localhost:1234/x")]
    [InlineData(null, "http://credentials.contoso.test/x", null)]
    [InlineData(null, "file:///etc/passwd", null)]
    [InlineData("@evil.test/", null, null)]
    [InlineData(":80@evil.test/", null, null)]
    [InlineData(".evil.test/", null, null)]
    [InlineData(null, null, null)]
    public void The_token_of_a_container_goes_to_the_endpoints_of_AWS_only(string? relative, string? full, string? url)
    {
        Variables(("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", relative ?? ""), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", full ?? ""));
        if (url is null)
        {
            Assert.Equal(ErrorIds.InvalidSetting, Assert.Throws<InvalidRequestException>(() => _provider.Check(From("EcsContainer"))).ErrorId);
        }
        else
        {
            _provider.Check(From("EcsContainer"));
            Assert.Equal(new Uri(url), ContainerCredentials.Url(_environment));
        }
    }

    [Fact]
    public async Task A_program_of_a_profile_prints_the_key()
    {
        Assert.SkipWhen(RuntimeInformation.IsOSPlatform(OSPlatform.Windows), "The program is a script for a Unix shell.");
        string program = _folder.File("print keys");
        File.WriteAllText(program, $$"""
            #!/bin/sh
            echo "a secret on the other pipe" >&2
            test "$1 $2" = "--for dns zone" || exit 3
            echo '{"Version":1,"AccessKeyId":"{{Temporary}}","SecretAccessKey":"{{FakeRoute53.Secret}}","SessionToken":"{{Session}}","Expiration":"2099-01-01T00:00:00Z"}'
            """);
        Files("", $"[profile dns]\ncredential_process = /bin/sh \"{program}\" --for \"dns zone\"\n[profile fails]\ncredential_process = /bin/sh \"{program}\"\n[profile none]\ncredential_process = \"{_folder.File("no program")}\"\n"
            + "[profile other]\ncredential_process = /bin/echo {}");
        await FindAsync(Profile("dns"));
        CredentialException error = await RejectedAsync(Profile("fails"));
        Assert.Contains("status 3", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("cannot be started", (await RejectedAsync(Profile("none"))).Message, StringComparison.Ordinal);
        Assert.Contains("Version 1", (await RejectedAsync(Profile("other"))).Message, StringComparison.Ordinal);
        Assert.Equal((@"C:\Program Files\x.exe", "a b"), CredentialProgram.Split("\"C:\\Program Files\\x.exe\" a b"));
        Assert.Equal(("x", ""), CredentialProgram.Split("x"));
    }

    [Theory]
    [InlineData("dns", "", "[profile other]\nregion = eu-west-1", "other")]
    [InlineData("dns", "[dns]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE", "", "aws_secret_access_key")]
    [InlineData("dns", "[dns]\naws_secret_access_key = very-secret", "", "aws_access_key_id")]
    [InlineData("dns", "[dns]\naws_access_key_id = short\naws_secret_access_key = very-secret", "", "short")]
    [InlineData("dns", "[dns]\nregion = eu-west-1", "", "no credentials")]
    [InlineData("dns", "", "[profile dns]\nsso_start_url = https://x", "browser")]
    [InlineData("dns", "", "[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/dns\nsource_profile = dns", "leads back")]
    [InlineData("dns", "", "[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/a\nsource_profile = b\n[profile b]\nrole_arn = arn:aws:iam::123456789012:role/b\nsource_profile = dns", "leads back")]
    [InlineData("dns", "", "[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/dns\nsource_profile = none", "none")]
    [InlineData("dns", "", "[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/dns", "source_profile")]
    [InlineData("dns", "", "[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/dns\nsource_profile = a\ncredential_source = Environment", "both")]
    [InlineData("dns", "", "[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/dns\ncredential_source = Nonsense", "Nonsense")]
    [InlineData("dns", "", "[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/dns\nmfa_serial = arn:x\nsource_profile = a", "mfa_serial")]
    [InlineData("dns", "", "[profile dns]\nrole_arn = arn:aws:iam::123456789012:role/dns\nduration_seconds = 60\nsource_profile = a", "60")]
    [InlineData("dns", "[dns]\nvery-secret", "", "Line 2")]
    [InlineData("dns", "very-secret = x", "", "Line 1")]
    [InlineData("dns", "[dns", "", "Line 1")]
    public void A_profile_that_cannot_work_is_refused_before_anybody_is_asked(string name, string credentials, string config, string expected)
    {
        Files(credentials, config);
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => _provider.Check(Profile(name)));
        Assert.Contains(expected, error.Message + error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_service.Calls);
    }

    [Theory]
    [InlineData("AccessKeyId", "ab c", "AccessKeyId")]
    [InlineData("AccessKeyId", "ASIATEMPORARYKEY0001", "SessionToken")]
    [InlineData("RoleArn", "dns", "RoleArn")]
    [InlineData("RoleArn", "arn:aws-cn:iam::123456789012:role/dns", "partition")]
    [InlineData("ExternalId", "abc", "RoleArn")]
    [InlineData("RoleSessionName", "a b", "RoleSessionName")]
    [InlineData("RoleDuration", "60", "900")]
    [InlineData("Region", "Frankfurt", "Region")]
    [InlineData("Region", "us-iso-east-1", "Region")]
    [InlineData("ZoneId", "contoso.test", "ZoneId")]
    [InlineData("StsUrl", "http://sts.contoso.test/", "StsUrl")]
    [InlineData("BaseUrl", "ftp://x", "BaseUrl")]
    [InlineData("InSyncMaximum", "-1", "InSyncMaximum")]
    [InlineData("Ttl", "x", "Ttl")]
    public void A_setting_that_cannot_work_is_refused_by_name(string name, string value, string expected)
    {
        Dictionary<string, string> settings = _service.Settings.ToDictionary(s => s.Key, s => s.Value);
        settings[name] = value;
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => _provider.Check(Context([.. settings.Select(s => (s.Key, s.Value))], [("SecretAccessKey", FakeRoute53.Secret)])));
        Assert.Equal(ErrorIds.InvalidSetting, error.ErrorId);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void Half_a_key_a_file_that_is_not_there_and_variables_that_are_not_set_are_refused()
    {
        Assert.Throws<InvalidRequestException>(() => _provider.Check(Context([("AccessKeyId", FakeRoute53.AccessKey)], [])));
        Assert.Throws<InvalidRequestException>(() => _provider.Check(Context([("ProfileName", "x")], [("SecretAccessKey", "x")])));
        Assert.Throws<InvalidRequestException>(() => _provider.Check(Context([("ProfileName", "x")], [("SessionToken", "x")])));
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<InvalidRequestException>(() => _provider.Check(Context([("ProfileName", "x"), ("SharedCredentialsPath", _folder.File("none"))], []))).ErrorId);
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<InvalidRequestException>(() => _provider.Check(Context([("WebIdentityTokenPath", _folder.File("none")), ("RoleArn", FakeRoute53.Role)], []))).ErrorId);
        Assert.Contains("AWS_ACCESS_KEY_ID", Assert.Throws<InvalidRequestException>(() => _provider.Check(From("Environment"))).Message, StringComparison.Ordinal);
        Assert.Contains("AWS_WEB_IDENTITY_TOKEN_FILE", Assert.Throws<InvalidRequestException>(() => _provider.Check(From("WebIdentity"))).Message, StringComparison.Ordinal);
        Assert.Contains("Nonsense", Assert.Throws<InvalidRequestException>(() => _provider.Check(From("Nonsense"))).Message, StringComparison.Ordinal);
        _provider.Check(From("Ec2InstanceMetadata"));
        Assert.Empty(_metadata.Calls);
    }

    [Fact]
    public async Task No_secret_is_said()
    {
        _service.ExternalId = null;
        DnsContext context = Context([("AccessKeyId", Temporary), ("RoleArn", FakeRoute53.Role)], [("SecretAccessKey", FakeRoute53.Secret), ("SessionToken", Session)]);
        await FindAsync(context);
        _clock.Advance(TimeSpan.FromMinutes(2));
        foreach (string id in _service.Keys.Keys.Where(k => k.EndsWith("TEST", StringComparison.Ordinal)).ToList())
        {
            _service.Keys[id] = ("another", _service.Keys[id].Token, null);
        }

        CredentialException error = await RejectedAsync(context);
        string all = error + string.Join("\n", _reporter.Steps.Concat(_reporter.Warnings));
        Assert.All(new[] { FakeRoute53.Secret, Session, "issued/", "FwoG//session" }, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    private int Assumed => _service.Calls.Count(c => c.Target == "/");

    private DnsContext From(string source) => Context([("CredentialSource", source)], []);

    private DnsContext Profile(string name) => Context([("ProfileName", name)], []);

    private void Variables(params (string Name, string Value)[] variables)
    {
        foreach ((string name, string value) in variables)
        {
            _environment.Variables[name] = value;
        }
    }

    private void Files(string credentials, string config)
    {
        string folder = Path.Combine(_environment.Home, ".aws");
        Directory.CreateDirectory(folder);
        foreach ((string name, string text) in new[] { ("credentials", credentials), ("config", config) })
        {
            if (text.Length > 0)
            {
                File.WriteAllText(Path.Combine(folder, name), text);
            }
        }
    }

    private DnsContext Context((string Name, string Value)[] settings, (string Name, string Value)[] secrets)
    {
        Dictionary<string, string> all = new() { ["BaseUrl"] = _service.Url.ToString(), ["StsUrl"] = _service.Url.ToString() };
        foreach ((string name, string value) in settings)
        {
            all[name] = value;
        }

        Dictionary<string, string> hidden = secrets.ToDictionary(s => s.Name, s => s.Value);
        DnsAccount account = new() { Id = "account-1", Name = "records", Provider = "Route53", Settings = all, CreatedAt = _clock.UtcNow, UpdatedAt = DateTimeOffset.MinValue };
        return new DnsContext(account, name => hidden.TryGetValue(name, out string? secret) ? Encoding.UTF8.GetBytes(secret) : null, _reporter);
    }

    private async Task FindAsync(DnsContext context)
    {
        _provider.Check(context);
        _clock.Advance(TimeSpan.FromSeconds(61)); // zones are found anew, so the key is used
        Assert.Single(await _provider.FindZonesAsync(context, ["www.contoso.test"], Token));
    }

    private async Task<CredentialException> RejectedAsync(DnsContext context)
    {
        _clock.Advance(TimeSpan.FromSeconds(61));
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => _provider.FindZonesAsync(context, ["www.contoso.test"], Token));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.NotNull(error.Remedy);
        return error;
    }
}
