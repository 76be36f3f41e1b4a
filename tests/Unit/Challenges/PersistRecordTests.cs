using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Operations;
using KeyManager.Providers.Authorities.Acme;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Challenges;
using KeyManager.Tests.Support;
using Newtonsoft.Json.Linq;
using Xunit;

namespace KeyManager.Tests.Challenges;

public sealed class PersistRecordTests
{
    private const string Account = "https://ca.example/acct/123";
    private const string Thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private static readonly Uri Url = new("https://ca.example/directory");

    [Theory]
    [InlineData("example.com", "5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw")]
    [InlineData("*", "NpDnSwUthQK8zCgFdefYxAdAVPnygMLbs9US6oO-5ug")]
    [InlineData("xn--bcher-kva.example", "sAhud5uMEj0H_DwOAUMzpZMNqxR4d6mQIGYvyPi6lRk")]
    public void The_account_is_hashed_as_draft_02_has_it(string name, string hash) => Assert.Equal(hash, ProofText.PersistentAccountHash(name, Thumbprint, Account));

    [Theory]
    [InlineData("https://example.com/acme/acct/ExampleAccount", "_ujmmovf2vn55tgye._acme-challenge.example.test")]
    [InlineData("https://acme-v02.api.letsencrypt.org/acme/acct/1234567890", "_rhuccyogo34zlvsj._acme-challenge.example.test")]
    [InlineData("https://acme-v02.api.letsencrypt.org/acme/acct/1234567890/", "_w2de3mg2w33tpwi4._acme-challenge.example.test")]
    public void The_label_of_dns_account_01_comes_from_the_account(string account, string name) => Assert.Equal(name, ProofText.AccountRecordName("example.test", account));

    [Fact]
    public void The_records_of_the_drafts_are_written()
    {
        DateTimeOffset until = DateTimeOffset.FromUnixTimeSeconds(1798761600);
        Assert.Equal(
            "letsencrypt.org; accounturi=https://acme-v02.api.letsencrypt.org/acme/acct/1234567890; policy=wildcard; persistUntil=1798761600",
            new PersistValue("letsencrypt.org", "https://acme-v02.api.letsencrypt.org/acme/acct/1234567890", true, until).ToString());

        PersistScheme scheme = Scheme("{\"meta\": {\"issuerDomainNames\": [\"authority.example\"], \"accountHashPrefix\": \"https://ca.example/account-hash/\"}}");
        string record = new PersistValue(scheme.Issuers[0], scheme.AccountUri("example.com", "https://evil.example/acct/9"), true, until).ToString();
        Assert.Equal(
            "authority.example; accounturi=https://ca.example/account-hash/sha-256/5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw; policy=wildcard; persistUntil=1798761600", record);
        Assert.Equal(155, record.Length);
    }

    [Fact]
    public void The_directory_says_which_draft_counts()
    {
        PersistScheme old = Scheme("{\"meta\": {\"caaIdentities\": [\"ca.example\"]}}");
        Assert.Equal(("ca.example", Account), (old.Issuers[0], old.AccountUri("example.com", null)));
        Assert.Equal("https://ca.example/said", old.AccountUri("example.com", "https://ca.example/said"));

        // One of the two members alone is not draft 02.
        Assert.Equal(Account, Scheme("{\"meta\": {\"accountHashPrefix\": \"https://ca.example/account-hash/\"}}").AccountUri("example.com", null));
        Assert.Equal(Account, Scheme("{\"meta\": {\"issuerDomainNames\": [\"ca.example\"]}}").AccountUri("example.com", null));
    }

    [Theory]
    [InlineData("\"issuer-domain-names\": [\"ca.example\"]", true, false)]
    [InlineData("\"issuerDomainNames\": [\"ca.example\"]", true, false)]
    [InlineData("\"issuerDomainNames\": [\"ca.example\", \"two.example\"]", true, true)]
    [InlineData("\"issuerDomainNames\": [\"two.example\", \"ca.example\", \"evil.example\"]", true, false)]
    [InlineData("\"issuer-domain-names\": []", false, false)]
    [InlineData("\"token\": \"x\"", false, false)]
    [InlineData("\"issuerDomainNames\": [\"CA.example\"]", false, false)]
    [InlineData("\"issuerDomainNames\": [\"ca.example.\"]", false, false)]
    [InlineData("\"issuerDomainNames\": [\"b\u00fccher.example\"]", false, false)]
    [InlineData("\"issuerDomainNames\": [\"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\", \"8\", \"9\", \"10\", \"11\"]", false, false)]
    public void A_challenge_that_names_nobody_we_know_is_passed_over(string members, bool before, bool since)
    {
        ChallengeResource challenge = ChallengeResource.Read(JObject.Parse($"{{\"type\": \"dns-persist-01\", {members}}}"), Url);

        Assert.Equal(before, Scheme("{}").Accepts(challenge));
        Assert.Equal(
            since,
            Scheme("{\"meta\": {\"caaIdentities\": [\"ca.example\", \"two.example\"], \"issuerDomainNames\": [\"ca.example\", \"two.example\"], \"accountHashPrefix\": \"p\"}}").Accepts(challenge));
    }

    [Theory]
    [InlineData("ca.example;accounturi=https://ca.example/acct/123", "ca.example", false, null)]
    [InlineData("  CA.example ; POLICY=Wildcard ; AccountUri=https://ca.example/acct/123 ; unknown=1", "ca.example", true, null)]
    [InlineData("ca.example; accounturi=x; policy=other; persistuntil=1798761600", "ca.example", false, 1798761600L)]
    public void Records_are_read(string text, string issuer, bool wildcard, long? until)
    {
        PersistValue value = PersistValue.TryParse(text)!;

        Assert.Equal((issuer, wildcard, until), (value.Issuer, value.IsForWildcard, value.Until?.ToUnixTimeSeconds()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=spf1 -all")]
    [InlineData("ca.example")]
    [InlineData("; accounturi=x")]
    [InlineData("ca.example; accounturi=")]
    [InlineData("ca.example; accounturi=x; accounturi=x")]
    [InlineData("ca.example; accounturi=x; policy=wildcard; policy=wildcard")]
    [InlineData("ca.example; accounturi=x; persistUntil=tomorrow")]
    [InlineData("ca.example; accounturi=x; persistUntil=-1")]
    [InlineData("ca.example; accounturi=x; persistUntil=99999999999999999999")]
    [InlineData("ca.example; accounturi=x;")]
    [InlineData("ca.example; accounturi=x y")]
    public void What_is_malformed_is_no_record(string text) => Assert.Null(PersistValue.TryParse(text));

    [Theory]
    [InlineData(ChallengeRecordStatus.Missing)]
    [InlineData(ChallengeRecordStatus.Missing, "other.example; accounturi=" + Account, "v=spf1 -all")]
    [InlineData(ChallengeRecordStatus.Valid, "other.example; accounturi=x", "ca.example; accounturi=" + Account + "; policy=wildcard")]
    [InlineData(ChallengeRecordStatus.Unfit, "ca.example; accounturi=https://ca.example/acct/124")]
    [InlineData(ChallengeRecordStatus.Unfit, "ca.example; accounturi=" + Account)]
    [InlineData(ChallengeRecordStatus.Unfit, "ca.example; accounturi")]
    [InlineData(ChallengeRecordStatus.Unfit, "ca.example")]
    [InlineData(ChallengeRecordStatus.Expired, "ca.example; accounturi=" + Account + "; policy=wildcard; persistUntil=1795219200")]
    [InlineData(ChallengeRecordStatus.Expiring, "ca.example; accounturi=" + Account + "; policy=wildcard; persistUntil=1797000000")]
    [InlineData(ChallengeRecordStatus.Valid, "ca.example; accounturi=" + Account + "; policy=wildcard; persistUntil=1798761600")]
    [InlineData(ChallengeRecordStatus.Valid, "ca.example; accounturi=" + Account + "; policy=wildcard; persistUntil=1795219200", "ca.example; accounturi=" + Account + "; policy=wildcard")]
    public void Whether_it_stands(ChallengeRecordStatus status, params string[] found) =>
        Assert.Equal(status, ChallengeRecords.Judge(found, ["ca.example"], Account, isForWildcard: true, Now).Status);

    [Fact]
    public void The_end_that_counts_is_the_last_one()
    {
        string record = "ca.example; accounturi=" + Account;
        (_, DateTimeOffset? until, string message) = ChallengeRecords.Judge(
            [record + "; persistUntil=1796000000", record + "; persistUntil=1797000000"], ["ca.example"], Account, isForWildcard: false, Now);

        Assert.Equal(1797000000, until!.Value.ToUnixTimeSeconds());
        Assert.Equal("The record ends at 2026-12-11 14:40 UTC; publish a new one before.", message);
    }

    [Fact]
    public async Task A_record_that_says_more_is_the_proof_that_is_waited_for()
    {
        FakeClock clock = new(Now) { SkipsDelays = true };
        FakeProbe probe = new();
        Challenge challenge = SomeChallenge.Dns(value: "ca.example; accounturi=" + Account, type: ChallengeType.DnsPersist01);
        ProofCheck check = new(probe, witness: null, clock);

        probe.TextRecords[challenge.Location!] = ["ca.example; accounturi=" + Account + "; policy=wildcard; persistUntil=1798761600"];
        Assert.Null(await check.FindProblemAsync(challenge, null, CancellationToken.None));
        Assert.NotNull(await check.FindProblemAsync(challenge with { Value = "ca.example; accounturi=x" }, null, CancellationToken.None));

        clock.Advance(TimeSpan.FromDays(365));
        Assert.NotNull(await check.FindProblemAsync(challenge, null, CancellationToken.None));
    }

    private static PersistScheme Scheme(string directory) => PersistScheme.Of(DirectoryResource.Read(JObject.Parse(directory), Url), Account, Thumbprint);
}
