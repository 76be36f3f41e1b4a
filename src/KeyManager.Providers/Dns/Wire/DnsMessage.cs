using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Providers.Dns.Wire;

/// <summary>
/// A DNS message (RFC 1035 §4): octets in, octets out, no network. A query and an UPDATE (RFC 2136 §2) have the same layout; what the four
/// sections mean in the latter stands beside each.
/// </summary>
internal sealed record DnsMessage
{
    private const int ResponseFlag = 0x8000;
    private const int AuthoritativeFlag = 0x0400;
    private const int TruncatedFlag = 0x0200;
    private const int RecursionDesiredFlag = 0x0100;
    private const int RecursionAvailableFlag = 0x0080;
    private const int CheckingDisabledFlag = 0x0010;

    /// <summary>Ties an answer to its question; from the cryptographic generator and new for every message sent.</summary>
    public ushort Id { get; init; }

    /// <summary>What kind of message it is.</summary>
    public DnsOpcode Opcode { get; init; }

    /// <summary>QR: it is an answer.</summary>
    public bool IsResponse { get; init; }

    /// <summary>AA: the server holds the zone.</summary>
    public bool IsAuthoritative { get; init; }

    /// <summary>TC: not everything fitted. Nothing of such an answer may be used; ask again over TCP (RFC 2181 §9).</summary>
    public bool IsTruncated { get; init; }

    /// <summary>RD: a resolver is asked to find the answer elsewhere. Not set towards the servers of a zone.</summary>
    public bool RecursionDesired { get; init; }

    /// <summary>RA: the server would do so.</summary>
    public bool RecursionAvailable { get; init; }

    /// <summary>CD: a resolver is asked to pass on what it finds without looking at its signatures (RFC 4035 §3.2.2).</summary>
    public bool CheckingDisabled { get; init; }

    /// <summary>How the server answered, with the upper bits that EDNS adds (RFC 6891 §6.1.3).</summary>
    public DnsResponseCode ResponseCode { get; init; }

    /// <summary>The question; the zone of an UPDATE.</summary>
    public IReadOnlyList<DnsQuestion> Questions { get; init; } = [];

    /// <summary>The answer; the prerequisites of an UPDATE.</summary>
    public IReadOnlyList<DnsRecord> Answers { get; init; } = [];

    /// <summary>Who is responsible; the changes of an UPDATE.</summary>
    public IReadOnlyList<DnsRecord> Authorities { get; init; } = [];

    /// <summary>What goes with it: OPT, and as the very last one TSIG.</summary>
    public IReadOnlyList<DnsRecord> Additionals { get; init; } = [];

    /// <summary>True when the sender speaks EDNS.</summary>
    public bool HasEdns => Additionals.Any(record => record.Type == DnsType.Opt);

    /// <summary>A question with EDNS; without an identifier yet.</summary>
    public static DnsMessage Query(DnsName name, DnsType type, bool recursionDesired) => new()
    {
        RecursionDesired = recursionDesired,
        Questions = [new DnsQuestion(name, type)],
        Additionals = [DnsRecord.Edns],
    };

    /// <summary>Reads a whole message.</summary>
    /// <exception cref="DnsException">Not a DNS message. Nothing else is thrown, whatever the octets.</exception>
    public static DnsMessage Read(byte[] bytes)
    {
        DnsReader reader = new(bytes);
        DnsMessage header = ReadHeader(reader);
        int questions = reader.ReadUInt16();
        int answers = reader.ReadUInt16();
        int authorities = reader.ReadUInt16();
        int additionals = reader.ReadUInt16();
        DnsMessage message = header with
        {
            Questions = ReadQuestions(reader, questions),
            Answers = ReadRecords(reader, answers),
            Authorities = ReadRecords(reader, authorities),
            Additionals = ReadRecords(reader, additionals),
        };
        if (!reader.IsAtEnd)
        {
            throw new DnsException("The DNS message is longer than what it holds.");
        }

        DnsRecord? edns = message.Additionals.FirstOrDefault(record => record.Type == DnsType.Opt);
        return edns is null ? message : message with { ResponseCode = (DnsResponseCode)((int)message.ResponseCode | ((int)(edns.TimeToLiveSeconds >> 24) << 4)) };
    }

    /// <summary>Reads the identifier and the flags only: a truncated answer may end in the middle of a record.</summary>
    /// <exception cref="DnsException">Shorter than a header.</exception>
    public static DnsMessage ReadHeader(byte[] bytes) => ReadHeader(new DnsReader(bytes));

    /// <exception cref="DnsException">Too long for a message.</exception>
    public byte[] ToBytes()
    {
        DnsWriter writer = new();
        writer.WriteUInt16(Id);
        writer.WriteUInt16(Flags());
        writer.WriteUInt16(Count(Questions));
        writer.WriteUInt16(Count(Answers));
        writer.WriteUInt16(Count(Authorities));
        writer.WriteUInt16(Count(Additionals));
        foreach (DnsQuestion question in Questions)
        {
            question.Write(writer);
        }

        foreach (DnsRecord record in Answers.Concat(Authorities).Concat(Additionals))
        {
            record.Write(writer);
        }

        return writer.ToArray();
    }

    private static DnsMessage ReadHeader(DnsReader reader)
    {
        ushort id = reader.ReadUInt16();
        int flags = reader.ReadUInt16();
        return new DnsMessage
        {
            Id = id,
            Opcode = (DnsOpcode)((flags >> 11) & 0xF),
            IsResponse = (flags & ResponseFlag) != 0,
            IsAuthoritative = (flags & AuthoritativeFlag) != 0,
            IsTruncated = (flags & TruncatedFlag) != 0,
            RecursionDesired = (flags & RecursionDesiredFlag) != 0,
            RecursionAvailable = (flags & RecursionAvailableFlag) != 0,
            CheckingDisabled = (flags & CheckingDisabledFlag) != 0,
            ResponseCode = (DnsResponseCode)(flags & 0xF),
        };
    }

    private static List<DnsQuestion> ReadQuestions(DnsReader reader, int count)
    {
        // No capacity from the count: it is the sender's claim.
        List<DnsQuestion> questions = [];
        for (int i = 0; i < count; i++)
        {
            questions.Add(DnsQuestion.Read(reader));
        }

        return questions;
    }

    private static List<DnsRecord> ReadRecords(DnsReader reader, int count)
    {
        List<DnsRecord> records = [];
        for (int i = 0; i < count; i++)
        {
            records.Add(DnsRecord.Read(reader));
        }

        return records;
    }

    private static int Count<T>(IReadOnlyList<T> section) =>
        section.Count <= ushort.MaxValue ? section.Count : throw new DnsException($"A section of a DNS message has at most {ushort.MaxValue} entries.");

    private int Flags() =>
        (IsResponse ? ResponseFlag : 0)
        | ((int)Opcode << 11)
        | (IsAuthoritative ? AuthoritativeFlag : 0)
        | (IsTruncated ? TruncatedFlag : 0)
        | (RecursionDesired ? RecursionDesiredFlag : 0)
        | (RecursionAvailable ? RecursionAvailableFlag : 0)
        | (CheckingDisabled ? CheckingDisabledFlag : 0)
        | ((int)ResponseCode & 0xF);
}
