using System;
using System.Linq;
using System.Text;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Services.Rfc2136;
using KeyManager.Providers.Dns.Wire;
using Xunit;

namespace KeyManager.Tests.Dns;

public sealed class UpdateSignatureTests
{
    private static readonly DateTimeOffset s_time = DateTimeOffset.FromUnixTimeSeconds(UpdateVectors.Time);

    [Fact]
    public void A_signed_addition_is_the_message_that_servers_know()
    {
        SignedMessage signed = Key().Signer.Sign(Hex.Read(UpdateVectors.Body), s_time);

        Assert.Equal(195, signed.Bytes.Length);
        Assert.Equal(UpdateVectors.Signed, Hex.Write(signed.Bytes));
        Assert.Equal(UpdateVectors.Mac, Hex.Write(signed.Mac));
    }

    [Fact]
    public void What_we_write_ourselves_is_the_message_that_servers_know()
    {
        DnsMessage message = DnsUpdate.Message(
            DnsName.Parse("example.test"), [], [DnsUpdate.Add(DnsRecord.Text(DnsName.Parse(UpdateVectors.Name), 60, UpdateVectors.Value))]) with { Id = 0x1234 };

        Assert.Equal(UpdateVectors.Compressed, Hex.Write(Key().Signer.Sign(message.ToBytes(), s_time).Bytes));
    }

    [Fact]
    public void A_signed_removal_is_the_message_that_servers_know() =>
        Assert.Equal(UpdateVectors.RemovalSigned, Hex.Write(Key().Signer.Sign(Hex.Read(UpdateVectors.RemovalBody), s_time).Bytes));

    [Fact]
    public void The_removal_we_write_is_the_same_but_for_compression()
    {
        DnsRecord record = DnsRecord.Text(DnsName.Parse(UpdateVectors.Name), 60, UpdateVectors.Value);
        DnsMessage message = DnsUpdate.Message(DnsName.Parse("example.test"), [], [DnsUpdate.Remove(record)]) with { Id = 0x1235 };

        Assert.Equal(
            UpdateVectors.RemovalBody.Replace("0f5f61636d652d6368616c6c656e6765076578616d706c65047465737400", "0f5f61636d652d6368616c6c656e6765c00c"),
            Hex.Write(message.ToBytes()));
    }

    [Fact]
    public void Sha512_makes_the_signature_that_servers_know()
    {
        TsigKey key = TsigKey.FromBase64("acme-key512", "hmac-sha512", UpdateVectors.Secret512);
        SignedMessage signed = key.Signer.Sign(Hex.Read("1236" + UpdateVectors.Body.Substring(4)), s_time);

        Assert.Equal(230, signed.Bytes.Length);
        Assert.Equal(UpdateVectors.Mac512, Hex.Write(signed.Mac));
        Assert.Equal(TsigState.Valid, key.Signer.Verify(Hex.Read(UpdateVectors.Answer512), signed, s_time).State);
    }

    [Fact]
    public void The_case_of_names_does_not_change_the_signature()
    {
        TsigKey key = TsigKey.FromBase64("ACME-Key.", "HMAC-SHA256.", UpdateVectors.Secret);

        Assert.Equal("58f8e272398897f0baefa3e7539a8468d9ca323863c395232acf412a1693b567", Hex.Write(key.Signer.Sign(Hex.Read("1237" + UpdateVectors.Body.Substring(4)), s_time).Mac));
    }

    [Theory]
    [InlineData("hmac-md5.sig-alg.reg.int", 16)]
    [InlineData("hmac-sha1", 20)]
    [InlineData("hmac-sha224", 28)]
    [InlineData("hmac-sha256", 32)]
    [InlineData("hmac-sha384", 48)]
    [InlineData("hmac-sha512", 64)]
    public void Every_algorithm_makes_what_the_framework_makes(string algorithm, int length)
    {
        foreach (int secretLength in new[] { 1, 16, 64, 65, 200 })
        {
            byte[] secret = [.. Enumerable.Range(0, secretLength).Select(i => (byte)(i * 7))];
            SignedMessage signed = TsigKey.Create("key.example.test", algorithm, secret).Signer.Sign(Hex.Read(UpdateVectors.Body), s_time);
            byte[] wire = [.. algorithm.Split('.').SelectMany(label => new[] { (byte)label.Length }.Concat(Encoding.ASCII.GetBytes(label))), 0];
            byte[] data = [.. Hex.Read(UpdateVectors.Body), .. Hex.Read("036b6579076578616d706c65047465737400" + "00ff00000000"), .. wire, .. Hex.Read("00006955b900012c00000000")];

            Assert.Equal(length, signed.Mac.Length);
            Assert.Equal(Hex.Write(UpdateMac.Compute(algorithm, secret, data)), Hex.Write(signed.Mac));
        }
    }

    [Fact]
    public void Sha224_is_the_one_of_its_test_vectors()
    {
        // RFC 4231 §4.2 and §4.7.
        Assert.Equal(
            "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22",
            Hex.Write(TsigAlgorithm.HmacSha224.Compute(Enumerable.Repeat((byte)0x0B, 20).ToArray(), Encoding.ASCII.GetBytes("Hi "), Encoding.ASCII.GetBytes("There"))));
        Assert.Equal(
            "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e",
            Hex.Write(TsigAlgorithm.HmacSha224.Compute(Enumerable.Repeat((byte)0xAA, 131).ToArray(), Encoding.ASCII.GetBytes("Test Using Larger Than Block-Size Key - Hash Key First"))));
    }

    [Fact]
    public void The_answer_of_a_real_server_is_valid() =>
        Assert.Equal(new TsigVerdict(TsigState.Valid, null, null), Verify(UpdateVectors.Answer) with { Record = null });

    [Fact]
    public void An_answer_that_was_passed_on_by_another_server_is_valid()
    {
        // The header has the identifier of our request, the signature the one of the server in between.
        string answer = "4321" + UpdateVectors.Answer.Substring(4);

        Assert.Equal(TsigState.Valid, Verify(answer).State);
    }

    [Theory]
    [InlineData(-298, "", true)]
    [InlineData(302, "", true)]
    [InlineData(303, "signed 301 seconds ago", false)]
    [InlineData(-299, "signed 301 seconds in the future", false)]
    public void The_answer_is_valid_for_five_minutes_by_the_clock_of_the_server(int seconds, string problem, bool isValid)
    {
        TsigVerdict verdict = Key().Signer.Verify(Hex.Read(UpdateVectors.Answer), Request(), s_time.AddSeconds(seconds));

        Assert.Equal(isValid, verdict.State == TsigState.Valid);
        Assert.Contains(problem, verdict.Problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_to_another_request_is_not_valid()
    {
        SignedMessage other = Request() with { Mac = Hex.Read(UpdateVectors.MacBefore) };

        Assert.Equal(TsigState.Invalid, Key().Signer.Verify(Hex.Read(UpdateVectors.Answer), other, s_time).State);
    }

    [Fact]
    public void No_bit_of_an_answer_can_be_changed_unseen()
    {
        byte[] answer = Hex.Read(UpdateVectors.Answer);
        for (int bit = 16; bit < answer.Length * 8; bit++)
        {
            byte[] changed = (byte[])answer.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                // Capitals in the names of the record are the one thing that does not count.
                Assert.True(Key().Signer.Verify(changed, Request(), s_time).State != TsigState.Valid || (bit % 8 == 5 && char.IsLetter((char)answer[bit / 8])), $"bit {bit}");
            }
            catch (DnsException)
            {
            }
        }
    }

    [Fact]
    public void An_answer_without_its_record_is_not_signed()
    {
        string answer = "1234a8000001000000000000" + UpdateVectors.Answer.Substring(24, 36);

        Assert.Equal(TsigState.Missing, Verify(answer).State);
    }

    [Fact]
    public void A_record_that_is_not_the_last_one_is_refused()
    {
        // One more record behind it.
        string answer = UpdateVectors.Answer.Substring(0, 20) + "0002" + UpdateVectors.Answer.Substring(24) + "0000290200000000000000";

        Assert.Throws<DnsException>(() => Verify(answer));
    }

    [Fact]
    public void A_signature_cut_short_is_not_valid()
    {
        string answer = UpdateVectors.Answer.Replace("00000000003d0b", "00000000002d0b").Replace("0020" + "5aed25d4ec4ec16bd12f59933f19c73b71f11f0d568a04d7c7ae0a16476f27e0", "0010" + "5aed25d4ec4ec16bd12f59933f19c73b");
        TsigVerdict verdict = Verify(answer);

        Assert.Equal(TsigState.Invalid, verdict.State);
        Assert.Contains("16 octets instead of 32", verdict.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_clock_is_told_by_a_signed_answer()
    {
        SignedMessage request = new([], Hex.Read(UpdateVectors.MacBefore), UpdateVectors.TimeBefore);
        TsigVerdict verdict = Key().Signer.Verify(Hex.Read(UpdateVectors.BadTime), request, DateTimeOffset.FromUnixTimeSeconds(UpdateVectors.TimeBefore));

        Assert.Equal(TsigState.Valid, verdict.State);
        Assert.Equal(TsigError.BadTime, verdict.Error);
        Assert.Equal(UpdateVectors.TimeBefore + 400, verdict.Record?.ServerTime);
    }

    [Theory]
    [InlineData(UpdateVectors.BadKey, (int)TsigError.BadKey)]
    [InlineData(UpdateVectors.BadSig, (int)TsigError.BadSig)]
    public void What_is_wrong_with_a_key_is_told_without_a_signature(string answer, int error)
    {
        TsigVerdict verdict = Verify(answer);

        Assert.Equal(TsigState.UnsignedError, verdict.State);
        Assert.Equal(error, (int)verdict.Error);
    }

    private static TsigKey Key() => TsigKey.FromBase64("acme-key", "hmac-sha256", UpdateVectors.Secret);

    private static SignedMessage Request() => new(Hex.Read(UpdateVectors.Signed), Hex.Read(UpdateVectors.Mac), UpdateVectors.Time);

    private static TsigVerdict Verify(string answer) => Key().Signer.Verify(Hex.Read(answer), Request(), s_time);
}
