using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using Xunit;

namespace KeyManager.Tests.Dns;

public sealed class DnsMessageTests
{
    // Captured from named 9.18: one TXT, NS and glue, with pointers.
    private const string TextAnswer =
        "beef840000010001000100020f5f61636d652d6368616c6c656e6765076578616d706c6504746573740000100001c00c001000010000003c002c2b6c434d37635a7951586356484b326e6e"
        + "57336a6a41684e543346766d3138554e2d6b575a5a6b6e4b6f594dc01c000200010000012c0006036e7331c01cc072000100010000012c00047f00000100002904d0000000000000";

    private const string MissingAnswer =
        "abcd840300010000000100000f5f61636d652d6368616c6c656e6765046e6f7065076578616d706c6504746573740000060001076578616d706c65047465737400000600010000000000"
        + "27036e7331c0330a686f73746d6173746572c0330000000200000e1000000258000151800000003c";

    private const string AliasAnswer =
        "abcf840000010001000000000f5f61636d652d6368616c6c656e676502636e076578616d706c6504746573740000100001c00c000500010000012c00170674617267657409656c73657768"
        + "657265047465737400";

    private const string Referral =
        "abd0800000010000000100000f5f61636d652d6368616c6c656e67650564656c6567076578616d706c6504746573740000100001c01c000200010000012c0012036e7331076578616d706c"
        + "65047465737400";

    [Fact]
    public void A_question_for_text_is_written_octet_by_octet_as_known_servers_understand_it()
    {
        DnsMessage query = DnsMessage.Query(DnsName.Parse("_acme-challenge.example.test"), DnsType.Txt, recursionDesired: false) with { Id = 0xBEEF };

        Assert.Equal("beef000000010000000000010f5f61636d652d6368616c6c656e6765076578616d706c650474657374000010000100002904d0000000000000", Hex.Write(query.ToBytes()));
    }

    [Fact]
    public void A_resolver_is_asked_to_recurse() =>
        Assert.Equal("0000" + "0100", Hex.Write(DnsMessage.Query(DnsName.Parse("a.test"), DnsType.Txt, recursionDesired: true).ToBytes()).Substring(0, 8));

    [Fact]
    public void An_answer_with_text_is_read()
    {
        DnsMessage answer = DnsMessage.Read(Hex.Read(TextAnswer));

        Assert.True(answer is { Id: 0xBEEF, IsResponse: true, IsAuthoritative: true, IsTruncated: false, ResponseCode: DnsResponseCode.NoError, HasEdns: true });
        DnsRecord text = Assert.Single(answer.Answers);
        Assert.Equal("_acme-challenge.example.test", text.Name.ToString());
        Assert.Equal(60u, text.TimeToLiveSeconds);
        Assert.Equal("lCM7cZyQXcVHK2nnW3jjAhNT3Fvm18UN-kWZZknKoYM", text.ReadText());
        Assert.Equal("ns1.example.test", Assert.Single(answer.Authorities).ReadTarget().ToString());
    }

    [Fact]
    public void An_answer_about_a_missing_name_is_read()
    {
        DnsMessage answer = DnsMessage.Read(Hex.Read(MissingAnswer));

        Assert.Equal(DnsResponseCode.NXDomain, answer.ResponseCode);
        DnsRecord start = Assert.Single(answer.Authorities);
        Assert.Equal(DnsType.Soa, start.Type);

        // The names in it are written out, so that the data stands on its own.
        Assert.Equal("036e7331076578616d706c650474657374000a686f73746d6173746572076578616d706c650474657374000000000200000e1000000258000151800000003c", Hex.Write(start.Data));
    }

    [Fact]
    public void An_alias_is_read() => Assert.Equal("target.elsewhere.test", Assert.Single(DnsMessage.Read(Hex.Read(AliasAnswer)).Answers).ReadTarget().ToString());

    [Fact]
    public void A_referral_is_read()
    {
        DnsMessage answer = DnsMessage.Read(Hex.Read(Referral));

        Assert.False(answer.IsAuthoritative);
        Assert.Empty(answer.Answers);
        Assert.Equal("deleg.example.test", Assert.Single(answer.Authorities).Name.ToString());
    }

    [Fact]
    public void Strings_of_one_record_are_joined_without_anything_between() =>
        Assert.Equal("abc", new DnsRecord(DnsName.Root, DnsType.Txt, DnsClass.Internet, 0, Hex.Read("0161026263")).ReadText());

    [Theory]
    [InlineData("")]
    [InlineData("05616263")]
    public void Text_that_is_not_a_row_of_strings_is_refused(string data) =>
        Assert.Throws<DnsException>(() => new DnsRecord(DnsName.Root, DnsType.Txt, DnsClass.Internet, 0, Hex.Read(data)).ReadText());

    [Theory]
    [InlineData(0, 1)]
    [InlineData(43, 44)]
    [InlineData(255, 256)]
    [InlineData(256, 258)]
    [InlineData(600, 603)]
    public void A_long_value_is_cut_into_strings_of_255_octets(int length, int octets)
    {
        DnsRecord record = DnsRecord.Text(DnsName.Root, 60, new string('v', length));

        Assert.Equal(octets, record.Data.Length);
        Assert.Equal(length, record.ReadText().Length);
    }

    [Fact]
    public void A_name_is_written_once_and_pointed_to_afterwards()
    {
        DnsName name = DnsName.Parse("www.example.test");
        DnsMessage message = DnsMessage.Query(name, DnsType.Txt, false) with { Answers = [DnsRecord.Text(name, 1, "a"), DnsRecord.Text(DnsName.Parse("mail.example.test"), 1, "b")] };
        byte[] bytes = message.ToBytes();

        Assert.Equal(1, CountOf(bytes, "test"));
        Assert.Equal(["www.example.test", "mail.example.test"], DnsMessage.Read(bytes).Answers.Select(r => r.Name.ToString()));
    }

    [Fact]
    public void The_upper_bits_of_an_edns_code_count()
    {
        DnsMessage message = DnsMessage.Query(DnsName.Root, DnsType.Soa, false) with { Additionals = [DnsRecord.Edns with { TimeToLiveSeconds = 0x01000000 }] };

        Assert.Equal(DnsResponseCode.BadVers, DnsMessage.Read(message.ToBytes()).ResponseCode);
    }

    [Fact]
    public void A_time_to_live_with_its_top_bit_set_is_zero()
    {
        DnsMessage message = new() { Answers = [DnsRecord.Text(DnsName.Root, 0x80000001, "a")] };

        Assert.Equal(0u, Assert.Single(DnsMessage.Read(message.ToBytes()).Answers).TimeToLiveSeconds);
    }

    [Theory]
    [InlineData("c00c", "points to itself")]
    [InlineData("c00e", "points forwards")]
    [InlineData("0161c00c", "points to the start of its own name")]
    [InlineData("c0ff", "points behind the end")]
    [InlineData("4161", "a label of a reserved kind")]
    [InlineData("8161", "a label of a reserved kind")]
    [InlineData("3f61", "a label longer than the message")]
    [InlineData("c0", "half a pointer")]
    [InlineData("", "nothing")]
    public void A_name_that_leads_nowhere_is_refused(string name, string why)
    {
        byte[] bytes = Hex.Read("000084000001000000000000" + name);

        Assert.NotEmpty(why);
        Assert.Throws<DnsException>(() => DnsMessage.Read(bytes));
    }

    [Fact]
    public void Pointers_that_go_in_a_circle_are_refused()
    {
        // The name of the answer points into the data of the record before, which points forwards to it again.
        byte[] bytes = Hex.Read("000084000000000200000000" + "00" + "0010" + "0001" + "00000000" + "0002" + "c019" + "c017" + "0010000100000000000161");

        Assert.Throws<DnsException>(() => DnsMessage.Read(bytes));
    }

    [Fact]
    public void A_name_that_grows_over_pointers_beyond_255_octets_is_refused()
    {
        // Ten labels of 63 octets, one per record and each pointing to the one before.
        List<byte> bytes = [.. Hex.Read("000084000000000a00000000")];
        int previous = -1;
        for (int i = 0; i < 10; i++)
        {
            int start = bytes.Count;
            bytes.Add(63);
            bytes.AddRange(Enumerable.Repeat((byte)'a', 63));
            bytes.AddRange(previous < 0 ? [0] : [(byte)(0xC0 | (previous >> 8)), (byte)previous]);
            bytes.AddRange(Hex.Read("00100001000000000000"));
            previous = start;
        }

        Assert.Contains("longer than 255", Assert.Throws<DnsException>(() => DnsMessage.Read([.. bytes])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Octets_behind_the_end_are_refused() => Assert.Throws<DnsException>(() => DnsMessage.Read([.. Hex.Read(TextAnswer), 0]));

    [Fact]
    public void Data_longer_than_its_name_is_refused() =>
        Assert.Throws<DnsException>(() => DnsMessage.Read(Hex.Read("000084000000000100000000" + "00" + "0005" + "0001" + "00000000" + "0002" + "0000")));

    [Fact]
    public void A_claim_of_many_records_costs_nothing() => Assert.Throws<DnsException>(() => DnsMessage.Read(Hex.Read("00008400ffffffffffffffff")));

    [Fact]
    public void Every_cut_of_a_real_answer_is_refused()
    {
        foreach (string captured in new[] { TextAnswer, MissingAnswer, AliasAnswer, Referral })
        {
            byte[] bytes = Hex.Read(captured);
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<DnsException>(() => DnsMessage.Read(bytes.Take(length).ToArray()));
            }
        }
    }

    [Fact]
    public void Any_octets_are_a_message_or_one_clear_error() => Prop.ForAll<byte[]>(IsHarmless).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_damage_to_a_real_answer_is_a_message_or_one_clear_error()
    {
        byte[][] captured = [Hex.Read(TextAnswer), Hex.Read(MissingAnswer), Hex.Read(AliasAnswer), Hex.Read(Referral)];
        Prop.ForAll<int, Tuple<int, byte>[]>((which, damages) =>
        {
            byte[] bytes = [.. captured[(which & int.MaxValue) % captured.Length]];
            foreach ((int place, byte value) in damages ?? [])
            {
                bytes[(place & int.MaxValue) % bytes.Length] = value;
            }

            return IsHarmless(bytes);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Every_message_comes_back_from_its_octets()
    {
        Prop.ForAll<ushort, Tuple<byte[], byte[]>[]>((id, raw) =>
        {
            List<DnsRecord> records = (raw ?? [])
                .Select(r => new DnsRecord(new DnsName([[.. (r.Item1 ?? []).Take(63), (byte)'x'], "example"u8.ToArray()]), DnsType.Txt, DnsClass.Internet, 60, r.Item2 ?? []))
                .Where(r => r.Name.Labels[0].Length <= 63)
                .ToList();
            DnsMessage message = new()
            {
                Id = id, Opcode = DnsOpcode.Update, IsResponse = (id & 1) != 0, IsAuthoritative = (id & 2) != 0, ResponseCode = (DnsResponseCode)(id & 0xF),
                Questions = [new DnsQuestion(DnsName.Parse("example"), DnsType.Soa)], Authorities = records,
            };
            DnsMessage back = DnsMessage.Read(message.ToBytes());
            return back.Id == id && back.Opcode == DnsOpcode.Update && back.IsResponse == message.IsResponse && back.IsAuthoritative == message.IsAuthoritative
                && back.ResponseCode == message.ResponseCode && back.Questions.SequenceEqual(message.Questions) && back.Authorities.Count == records.Count
                && back.Authorities.Zip(records, (a, b) => a.Name.Equals(b.Name) && a.Data.SequenceEqual(b.Data)).All(same => same);
        }).QuickCheckThrowOnFailure();
    }

    private static bool IsHarmless(byte[]? bytes)
    {
        try
        {
            DnsMessage message = DnsMessage.Read(bytes ?? []);
            foreach (DnsRecord record in message.Answers.Concat(message.Authorities).Concat(message.Additionals))
            {
                _ = record.Type == DnsType.Txt ? record.ReadText() : record.ReadTarget().ToString();
            }

            _ = message.ToBytes();
        }
        catch (DnsException)
        {
        }

        return true;
    }

    private static int CountOf(byte[] bytes, string text) =>
        (Encoding.ASCII.GetString(bytes).Length - Encoding.ASCII.GetString(bytes).Replace(text, "").Length) / text.Length;
}
