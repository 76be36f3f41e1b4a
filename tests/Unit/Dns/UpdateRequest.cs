using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace KeyManager.Tests.Dns;

/// <summary>
/// A request as a strict server reads it, with code of its own. Whatever is not exactly as the standards want it is an <see cref="InvalidDataException"/>.
/// </summary>
internal sealed class UpdateRequest
{
    private readonly byte[] _bytes;
    private int _position = 12;

    private UpdateRequest(byte[] bytes) => _bytes = bytes;

    public int Id => Number(0);

    public bool IsUpdate => Number(2) == 0x2800;

    /// <summary>The zone, or what is asked for, in lower case.</summary>
    public string Name { get; private set; } = "";

    public int Type { get; private set; }

    public List<Record> Prerequisites { get; } = [];

    public List<Record> Changes { get; } = [];

    /// <summary>Lower case; null when the message is not signed.</summary>
    public string? KeyName { get; private set; }

    public string Algorithm { get; private set; } = "";

    public byte[] Mac { get; private set; } = [];

    public long TimeSigned { get; private set; }

    public int Length => _bytes.Length;

    /// <summary>The zone entry or the question, as it came.</summary>
    public byte[] Question { get; private set; } = [];

    /// <summary>What the signature goes over.</summary>
    public byte[] Signed { get; private set; } = [];

    public bool OverTcp { get; private set; }

    public static UpdateRequest Read(byte[] bytes, bool overTcp)
    {
        UpdateRequest request = new(bytes) { OverTcp = overTcp };
        Need(bytes.Length >= 12, "a header");
        Need(overTcp || bytes.Length <= 512, "at most 512 octets over UDP");
        Need(request.Number(2) is 0x2800 or 0x0000, "an update, or a question without the wish for recursion");
        Need(request.Number(4) == 1, "one zone or question");
        Need(request.IsUpdate || request.Number(6) + request.Number(8) == 0, "a question and nothing else");
        Need(request.Number(10) <= 1, "at most a TSIG record");
        request.Name = request.ReadName();
        request.Type = request.ReadNumber(2);
        Need(request.ReadNumber(2) == 1, "class IN");
        Need(!request.IsUpdate || request.Type == 6, "a zone entry of type SOA");
        request.Question = [.. bytes.Skip(12).Take(request._position - 12)];
        for (int i = 0; i < request.Number(6); i++)
        {
            Record record = request.ReadRecord();
            Need(record is { Class: 254, Ttl: 0 } && record.Data.Length == 0, "a prerequisite that something is not there");
            request.Prerequisites.Add(record);
        }

        for (int i = 0; i < request.Number(8); i++)
        {
            Record record = request.ReadRecord();
            Need(record.Class is 1 or 254, "an addition or the removal of one record");
            Need(record.Class == 1 || record.Ttl == 0, "no time to live in a removal");
            Need(record.Type is 5 or 16, "TXT or CNAME");
            Need(record.Type != 16 || IsText(record.Data), "strings in a TXT record");
            request.Changes.Add(record);
        }

        if (request.Number(10) == 1)
        {
            request.ReadTsig();
        }

        Need(request._position == bytes.Length, "nothing behind the end");
        return request;
    }

    private static bool IsText(byte[] data)
    {
        int position = 0;
        while (position < data.Length)
        {
            position += data[position] + 1;
        }

        return data.Length > 0 && position == data.Length;
    }

    private static void Need(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException("The message should have " + what + ".");
        }
    }

    private void ReadTsig()
    {
        int start = _position;
        KeyName = ReadName(compressed: false);
        Need(ReadNumber(2) == 250 && ReadNumber(2) == 255 && ReadNumber(4) == 0, "a TSIG record of class ANY without time to live");
        int end = ReadNumber(2) + _position;
        Algorithm = ReadName(compressed: false);
        long high = ReadNumber(2);
        TimeSigned = (high << 32) | (uint)ReadNumber(4);
        Need(ReadNumber(2) == 300, "a fudge of 300 seconds");
        Mac = ReadBytes(ReadNumber(2));
        Need(ReadNumber(2) == Id, "its own identifier in the TSIG record");
        Need(ReadNumber(2) == 0 && ReadNumber(2) == 0 && _position == end, "no error in the TSIG record of a request");
        byte[] message = [.. _bytes.Take(start)];
        message[11] = 0;
        Signed = [.. message, .. Variables(KeyName, Algorithm, TimeSigned, 0, [])];
    }

    /// <summary>What of a TSIG record is hashed.</summary>
    public static byte[] Variables(string keyName, string algorithm, long time, int error, byte[] other) =>
        [.. Wire(keyName), 0, 255, 0, 0, 0, 0, .. Wire(algorithm), .. Big(time, 6), .. Big(300, 2), .. Big(error, 2), .. Big(other.Length, 2), .. other];

    public static byte[] Wire(string name) => [.. name.Split(['.'], StringSplitOptions.RemoveEmptyEntries).SelectMany(l => new[] { (byte)l.Length }.Concat(Encoding.ASCII.GetBytes(l))), 0];

    public static byte[] Big(long value, int octets) => [.. Enumerable.Range(0, octets).Select(i => (byte)(value >> (8 * (octets - 1 - i))))];

    private Record ReadRecord()
    {
        string name = ReadName();
        int type = ReadNumber(2);
        int recordClass = ReadNumber(2);
        long ttl = ReadNumber(4);
        return new Record(name, type, recordClass, ttl, ReadBytes(ReadNumber(2)));
    }

    private string ReadName(bool compressed = true)
    {
        StringBuilder name = new();
        int at = _position;
        bool jumped = false;
        while (_bytes[at] != 0)
        {
            if (_bytes[at] >= 0xC0)
            {
                Need(compressed, "no compressed name here");
                int target = ((_bytes[at] & 0x3F) << 8) | _bytes[at + 1];
                Need(target < at, "pointers that go back");
                _position = jumped ? _position : at + 2;
                jumped = true;
                at = target;
                continue;
            }

            Need(_bytes[at] <= 63, "labels of 63 octets at most");
            name.Append(Encoding.ASCII.GetString(_bytes, at + 1, _bytes[at])).Append('.');
            at += _bytes[at] + 1;
        }

        _position = jumped ? _position : at + 1;
        Need(name.Length < 255, "names of 255 octets at most");
        return name.ToString().TrimEnd('.').ToLowerInvariant();
    }

    private int Number(int at) => (_bytes[at] << 8) | _bytes[at + 1];

    private int ReadNumber(int octets)
    {
        int value = 0;
        for (int i = 0; i < octets; i++)
        {
            value = (value << 8) | _bytes[_position++];
        }

        return value;
    }

    private byte[] ReadBytes(int count)
    {
        Need(_position + count <= _bytes.Length, "all of its data");
        _position += count;
        return [.. _bytes.Skip(_position - count).Take(count)];
    }

    internal sealed record Record(string Name, int Type, int Class, long Ttl, byte[] Data);
}
