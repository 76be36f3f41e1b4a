using System;

namespace KeyManager.Providers.Dns.Wire;

/// <summary>A message with its signature at the end.</summary>
/// <param name="Bytes">The whole of it.</param>
/// <param name="Mac">The signature, which the answer's goes over as well.</param>
/// <param name="TimeSigned">Seconds since 1970.</param>
internal sealed record SignedMessage(byte[] Bytes, byte[] Mac, long TimeSigned);

/// <summary>What the signature of an answer is worth.</summary>
internal enum TsigState
{
    /// <summary>From a holder of the key, about our request, and in time.</summary>
    Valid,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>There is none, and the server says why: it does not know the key, or got another signature. A hint only, since anybody may say so (RFC 8945 §5.3.2).</summary>
    UnsignedError,

    /// <summary>There is one that does not fit.</summary>
    Invalid,
}

/// <summary>What is to be said about the signature of an answer.</summary>
/// <param name="State">Its worth.</param>
/// <param name="Record">The record; <c>null</c> when there is none, or none that can be read.</param>
/// <param name="Problem">What is wrong with it, to follow "the answer"; <c>null</c> when it is valid.</param>
internal sealed record TsigVerdict(TsigState State, TsigRecord? Record, string? Problem)
{
    /// <summary>What the server says about our signature; only a hint unless the state is valid.</summary>
    public TsigError Error => Record?.Error ?? TsigError.None;
}

/// <summary>Signs messages and looks at the signatures of their answers (RFC 8945). Octets in, octets out. May be used from several threads.</summary>
internal sealed class TsigSigner(DnsName keyName, TsigAlgorithm algorithm, byte[] secret)
{
    private const int HeaderLength = 12;

    // In lower case once and for all: what is hashed is lower case, and some servers forget it.
    private readonly DnsName _keyName = keyName.Canonical;

    /// <summary>Signs a message that is complete but for this.</summary>
    /// <exception cref="DnsException">Not a message, or too long with the signature.</exception>
    public SignedMessage Sign(byte[] message, DateTimeOffset time)
    {
        TsigRecord unsigned = new(_keyName, algorithm.WireName, time.ToUnixTimeSeconds()) { OriginalId = new DnsReader(message).ReadUInt16() };
        byte[] mac = algorithm.Compute(secret, message, unsigned.Variables());
        byte[] bytes = [.. message, .. (unsigned with { Mac = mac }).ToBytes()];
        if (bytes.Length > DnsWriter.MaxMessageLength)
        {
            throw new DnsException($"A DNS message has at most {DnsWriter.MaxMessageLength} octets.");
        }

        SetAdditionalCount(bytes, +1);
        return new SignedMessage(bytes, mac, unsigned.TimeSigned);
    }

    /// <summary>Looks at the signature of an answer to <paramref name="request"/> (RFC 8945 §5.3 and §5.4).</summary>
    /// <remarks>An answer with BADTIME is valid when its signature is, though its time is ours and not the server's.</remarks>
    /// <exception cref="DnsException">Not a DNS message. Nothing else is thrown, whatever the octets.</exception>
    public TsigVerdict Verify(byte[] answer, SignedMessage request, DateTimeOffset now)
    {
        if (FindLast(answer) is not (DnsRecord last, int start))
        {
            return new TsigVerdict(TsigState.Missing, null, "is not signed");
        }

        TsigRecord record = TsigRecord.Read(last);
        if (record.Mac.Length == 0)
        {
            return record.Error == TsigError.None
                ? new TsigVerdict(TsigState.Invalid, record, "has an empty signature")
                : new TsigVerdict(TsigState.UnsignedError, record, "is not signed");
        }

        if (!record.KeyName.Equals(_keyName) || !record.Algorithm.Equals(algorithm.WireName))
        {
            return Invalid($"is signed with the key {record.KeyName} ({record.Algorithm})");
        }

        if (record.Mac.Length != algorithm.MacLength)
        {
            return Invalid($"has a signature of {record.Mac.Length} octets instead of {algorithm.MacLength}");
        }

        byte[] message = new byte[start];
        Array.Copy(answer, message, start);
        message[0] = (byte)(record.OriginalId >> 8);
        message[1] = (byte)record.OriginalId;
        SetAdditionalCount(message, -1);
        byte[] length = [(byte)(request.Mac.Length >> 8), (byte)request.Mac.Length];
        byte[] mac = algorithm.Compute(secret, length, request.Mac, message, record.Variables());
        if (!SameOctets(mac, record.Mac))
        {
            return Invalid("has a signature that is not the one of the key");
        }

        // With BADTIME the time is the one of our request; the error is the news, and it is not ours to judge.
        long difference = now.ToUnixTimeSeconds() - record.TimeSigned;
        return record.Error != TsigError.BadTime && Math.Abs(difference) > record.FudgeSeconds
            ? Invalid($"was signed {Math.Abs(difference)} seconds {(difference > 0 ? "ago" : "in the future")}")
            : new TsigVerdict(TsigState.Valid, record, null);

        TsigVerdict Invalid(string problem) => new(TsigState.Invalid, record, problem);
    }

    // The TSIG record and where it begins; null when there is none. Anywhere but at the end it is an error (RFC 8945 §5.1).
    private static (DnsRecord Record, int Start)? FindLast(byte[] message)
    {
        DnsReader reader = new(message);
        reader.Part(4);
        int questions = reader.ReadUInt16();
        int records = reader.ReadUInt16() + reader.ReadUInt16();
        int additionals = reader.ReadUInt16();
        for (int i = 0; i < questions; i++)
        {
            DnsQuestion.Read(reader);
        }

        (DnsRecord Record, int Start)? found = null;
        for (int i = 0; i < records + additionals; i++)
        {
            int start = reader.Position;
            DnsRecord record = DnsRecord.Read(reader);
            if (record.Type == DnsType.Tsig)
            {
                found = i >= records && i == records + additionals - 1 ? (record, start) : throw new DnsException("The TSIG record is not the last one of the message.");
            }
        }

        return reader.IsAtEnd ? found : throw new DnsException("The DNS message is longer than what it holds.");
    }

    private static void SetAdditionalCount(byte[] message, int change)
    {
        int count = ((message[HeaderLength - 2] << 8) | message[HeaderLength - 1]) + change;
        message[HeaderLength - 2] = (byte)(count >> 8);
        message[HeaderLength - 1] = (byte)count;
    }

    // In the same time whatever the octets are, so that nobody finds them out one by one.
    private static bool SameOctets(byte[] one, byte[] other)
    {
        int difference = one.Length ^ other.Length;
        for (int i = 0; i < one.Length && i < other.Length; i++)
        {
            difference |= one[i] ^ other[i];
        }

        return difference == 0;
    }
}
