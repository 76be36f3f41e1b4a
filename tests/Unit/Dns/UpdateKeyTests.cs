using System;
using System.Linq;
using KeyManager.Providers.Dns.Services.Rfc2136;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Dns;

public sealed class UpdateKeyTests
{
    private const string Secret = UpdateVectors.Secret;

    [Theory]
    [InlineData("key \"acme-key\" {\n\talgorithm hmac-sha256;\n\tsecret \"" + Secret + "\";\n};\n")]
    [InlineData("key acme-key. { algorithm HMAC-SHA256.; secret " + Secret + "; }")]
    [InlineData("\uFEFFkey\r\n\"ACME-KEY\"\r\n{\r\nsecret\r\n\"" + Secret + "\"\r\n;\r\nalgorithm \"hmac-sha256\";}\r\n;")]
    [InlineData("# made by hand\nkey acme-key { // ours\n algorithm /* the usual one */ hmac-sha256; secret \"MDEyMzQ1Njc4OWFi Y2RlZjAxMjM0NTY3\n ODlhYmNkZWY=\"; };")]
    [InlineData("key acme-key{algorithm hmac-sha256;secret MDEyMzQ1Njc4OWFi \"Y2RlZjAxMjM0NTY3\" ODlhYmNkZWY=;};")]
    [InlineData("options { directory \"/x\"; listen-on { any; }; };\nkey acme-key { algorithm hmac-sha256; secret \"" + Secret + "\"; };\nzone \"example.test\" { type primary; };")]
    public void A_key_is_read_however_it_is_written(string text)
    {
        TsigKey key = BindKeyFile.Read(text, "the file", name: null);

        Assert.Equal("acme-key (hmac-sha256)", key.ToString());
        Assert.Equal(UpdateVectors.Signed, Hex.Write(key.Signer.Sign(Hex.Read(UpdateVectors.Body), DateTimeOffset.FromUnixTimeSeconds(UpdateVectors.Time)).Bytes));
    }

    [Fact]
    public void One_of_several_keys_is_taken_by_name()
    {
        const string Text = "key one { algorithm hmac-sha512; secret \"AAAA\"; };\nkey Two.example.test { algorithm hmac-sha1; secret \"AA//\"; };";

        Assert.Equal(["one (hmac-sha512)", "two.example.test (hmac-sha1)"], BindKeyFile.Read(Text, "f").Select(k => k.ToString()));
        Assert.True(BindKeyFile.Read(Text, "f", "TWO.example.test.").IsWeak);
        Assert.Contains("2 keys: one, two.example.test", Assert.Throws<InvalidRequestException>(() => BindKeyFile.Read(Text, "f", null)).Message, StringComparison.Ordinal);
        Assert.Contains("no key 'three'", Assert.Throws<InvalidRequestException>(() => BindKeyFile.Read(Text, "f", "three")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Slashes_in_a_secret_begin_no_comment() =>
        Assert.Single(BindKeyFile.Read("key a { algorithm hmac-sha256; secret AA//AA//; };", "f"));

    [Theory]
    [InlineData("", "no key statement")]
    [InlineData("zone \"x\" { type primary; };", "no key statement")]
    [InlineData("key", "ends where it needs a name")]
    [InlineData("key { algorithm hmac-sha256; };", "without a name")]
    [InlineData("key a algorithm", "lacks a {")]
    [InlineData("key a { secret \"SECRETSECRETSECR\"; };", "no algorithm in the key 'a'")]
    [InlineData("key a { algorithm hmac-sha256; };", "no secret in the key 'a'")]
    [InlineData("key a { algorithm hmac-sha256; secret \"SECRETSECRET!\"; };", "not base64")]
    [InlineData("key a { algorithm hmac-sha256; secret \"\"; };", "is empty")]
    [InlineData("key a { algorithm hmac-sha3; secret \"SECRETSECRETSECR\"; };", "'hmac-sha3', which is not known")]
    [InlineData("key a { algorithm hmac-sha256 secret \"SECRETSECRETSECR\"; };", "not one algorithm")]
    [InlineData("key a { algorithm hmac-sha256; secret \"SECRETSECRETSECR\" };", "lacks a ;")]
    [InlineData("key a { algorithm hmac-sha256; secret \"SECRETSECRETSECR; };", "a quote that is not closed")]
    [InlineData("key a { algorithm hmac-sha256; /* secret \"SECRETSECRETSECR\"; };", "a comment that is not closed")]
    [InlineData("key a { algorithm hmac-sha256; secret \"SECRETSECRETSECR\"; secret \"AAAA\"; };", "two secrets")]
    [InlineData("key a { algorithm hmac-sha256; secret \"AAAA\"; }; key A { algorithm hmac-sha256; secret \"SECRETSECRETSECR\"; };", "two keys named 'a'")]
    [InlineData("key a { algorithm hmac-sha256; secret \"SECRETSECRETSECR\";", "ends where it needs a }")]
    [InlineData("options { ", "ends within a statement")]
    public void A_file_that_is_wrong_says_so_without_its_secret(string text, string problem)
    {
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => BindKeyFile.Read(text, "dns.key"));

        Assert.Equal(ErrorIds.InvalidParameter, error.ErrorId);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("dns.key", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", error.ToString(), StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void The_line_of_a_mistake_is_told() =>
        Assert.Contains("(line 4)", Assert.Throws<InvalidRequestException>(() => BindKeyFile.Read("# one\nkey a {\nalgorithm hmac-sha256;\n} x", "f")).Message, StringComparison.Ordinal);

    [Fact]
    public void Any_text_is_keys_or_one_clear_error()
    {
        byte[] sample = System.Text.Encoding.ASCII.GetBytes("key \"a\" { algorithm hmac-sha256; secret \"AAAA\"; }; // end\n/* x */ key b { algorithm hmac-md5; secret BBBB; };");
        Mangle.Check(data => BindKeyFile.Read(System.Text.Encoding.ASCII.GetString(data), "f"), 5000, sample);
    }

    [Theory]
    [InlineData("hmac-sha256", false)]
    [InlineData("SHA512", false)]
    [InlineData("hmac-md5.sig-alg.reg.int.", true)]
    [InlineData("hmac-md5", true)]
    [InlineData("HMAC-SHA1", true)]
    public void A_weak_algorithm_is_told(string algorithm, bool isWeak) => Assert.Equal(isWeak, TsigKey.FromBase64("a", algorithm, Secret).IsWeak);

    [Fact]
    public void There_is_no_algorithm_that_nobody_named() => Assert.Throws<InvalidRequestException>(() => TsigKey.FromBase64("a", "", Secret));

    [Fact]
    public void Keys_of_tsig_keygen_are_read()
    {
        Peers.Require("tsig-keygen", "bind9");
        using TemporaryFolder folder = new();
        foreach (string algorithm in new[] { "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512", "hmac-sha1", "hmac-md5" })
        {
            using System.Diagnostics.Process process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("tsig-keygen", $"-a {algorithm} some-key") { RedirectStandardOutput = true, UseShellExecute = false })!;
            TsigKey key = BindKeyFile.Read(process.StandardOutput.ReadToEnd(), "tsig-keygen", null);

            Assert.Equal($"some-key ({algorithm})", key.ToString());
        }
    }
}
