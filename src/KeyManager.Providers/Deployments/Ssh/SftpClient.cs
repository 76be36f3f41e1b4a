using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Deployments.Ssh;

/// <summary>
/// SFTP version 3 over the pipes of ssh. No name ever passes a shell, a file has its rights before its first byte, and a key goes through memory only. One request after the other.
/// </summary>
internal sealed class SftpClient(Stream input, Stream output)
{
    private const byte Init = 1;
    private const byte Version = 2;
    private const byte Open = 3;
    private const byte Close = 4;
    private const byte Read = 5;
    private const byte Write = 6;
    private const byte SetStat = 9;
    private const byte OpenFolder = 11;
    private const byte ReadFolder = 12;
    private const byte LinkStat = 7;
    private const byte Remove = 13;
    private const byte MakeFolder = 14;
    private const byte RemoveFolder = 15;
    private const byte Stat = 17;
    private const byte Extended = 200;
    private const byte Status = 101;
    private const byte Handle = 102;
    private const byte Data = 103;
    private const byte Names = 104;
    private const byte Attributes = 105;
    private const byte ExtendedReply = 201;

    private const uint ForReading = 0x1;
    private const uint ForWritingNew = 0x2 | 0x8 | 0x20;
    private const int Part = 32 * 1024;
    private const int LongestPacket = 256 * 1024;
    private const int LongestFile = 16 * 1024 * 1024;

    private const string PosixRename = "posix-rename@openssh.com";
    private const string FileSystem = "statvfs@openssh.com";
    private const string Sync = "fsync@openssh.com";

    private readonly HashSet<string> _extensions = new(StringComparer.Ordinal);
    private uint _next;

    /// <summary>Says hello.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await SendAsync(new SftpPacket().Byte(Init).Number(3), cancellationToken).ConfigureAwait(false);
        (byte type, SftpReader reader) = await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        if (type != Version || reader.Number() != 3)
        {
            throw new InvalidDataException("The server does not speak SFTP version 3.");
        }

        while (!reader.IsAtEnd)
        {
            _extensions.Add(reader.Text());
            _ = reader.Bytes();
        }
    }

    /// <summary>The bytes of a file.</summary>
    public async Task<byte[]> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        byte[] handle = await OpenAsync(path, ForReading, null, cancellationToken).ConfigureAwait(false);
        try
        {
            List<byte> content = [];
            while (content.Count < LongestFile)
            {
                byte[] part;
                try
                {
                    SftpReader reader = await AskAsync(Data, Read, p => p.Bytes(handle).Long((ulong)content.Count).Number(Part), cancellationToken).ConfigureAwait(false);
                    part = reader.Bytes();
                }
                catch (SftpStatusException error) when (error.Code == SftpStatusException.EndOfFile)
                {
                    return [.. content];
                }

                content.AddRange(part);
            }

            throw new InvalidDataException("The file is too large to be a certificate or a keystore.");
        }
        finally
        {
            await CloseAsync(handle, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a file that was not there, with these rights before the first byte.</summary>
    public async Task WriteNewFileAsync(string path, byte[] content, int mode, CancellationToken cancellationToken)
    {
        byte[] handle = await OpenAsync(path, ForWritingNew, mode, cancellationToken).ConfigureAwait(false);
        try
        {
            for (int start = 0; start < content.Length; start += Part)
            {
                int count = Math.Min(Part, content.Length - start);
                await DoAsync(Write, p => p.Bytes(handle).Long((ulong)start).Bytes(content, start, count), cancellationToken).ConfigureAwait(false);
            }

            if (_extensions.Contains(Sync))
            {
                await DoAsync(Extended, p => p.Text(Sync).Bytes(handle), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await CloseAsync(handle, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What is known of a file; follows links.</summary>
    public async Task<SftpAttributes> GetAttributesAsync(string path, CancellationToken cancellationToken) =>
        SftpAttributes.Read(await AskAsync(Attributes, Stat, p => p.Text(path), cancellationToken).ConfigureAwait(false));

    /// <summary>What is known of a file, or of a link itself.</summary>
    public async Task<SftpAttributes> GetOwnAttributesAsync(string path, CancellationToken cancellationToken) =>
        SftpAttributes.Read(await AskAsync(Attributes, LinkStat, p => p.Text(path), cancellationToken).ConfigureAwait(false));

    public Task SetModeAsync(string path, int mode, CancellationToken cancellationToken) => DoAsync(SetStat, p => SftpAttributes.WriteMode(p.Text(path), mode), cancellationToken);

    public Task SetOwnerAsync(string path, uint user, uint group, CancellationToken cancellationToken) =>
        DoAsync(SetStat, p => SftpAttributes.WriteOwner(p.Text(path), user, group), cancellationToken);

    /// <summary>Gives a file the name of another one in one step; the SFTP of other servers refuses when that is there.</summary>
    public Task RenameAsync(string from, string to, CancellationToken cancellationToken) => _extensions.Contains(PosixRename)
        ? DoAsync(Extended, p => p.Text(PosixRename).Text(from).Text(to), cancellationToken)
        : throw new SftpStatusException(8, "the server cannot replace a file in one step (posix-rename@openssh.com)");

    public Task RemoveAsync(string path, CancellationToken cancellationToken) => DoAsync(Remove, p => p.Text(path), cancellationToken);

    public Task MakeFolderAsync(string path, int mode, CancellationToken cancellationToken) => DoAsync(MakeFolder, p => SftpAttributes.WriteMode(p.Text(path), mode), cancellationToken);

    public Task RemoveFolderAsync(string path, CancellationToken cancellationToken) => DoAsync(RemoveFolder, p => p.Text(path), cancellationToken);

    /// <summary>The names in a folder.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken)
    {
        byte[] handle = (await AskAsync(Handle, OpenFolder, p => p.Text(path), cancellationToken).ConfigureAwait(false)).Bytes();
        List<string> names = [];
        try
        {
            while (true)
            {
                SftpReader reader = await AskAsync(Names, ReadFolder, p => p.Bytes(handle), cancellationToken).ConfigureAwait(false);
                for (uint left = reader.Number(); left > 0; left--)
                {
                    string name = reader.Text();
                    _ = reader.Bytes();
                    _ = SftpAttributes.Read(reader);
                    names.AddRange(name is "." or ".." ? [] : [name]);
                }
            }
        }
        catch (SftpStatusException error) when (error.Code == SftpStatusException.EndOfFile)
        {
            return names;
        }
        finally
        {
            await CloseAsync(handle, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Bytes that may still be written to the file system of a path; <c>null</c> when the server does not say.</summary>
    public async Task<ulong?> GetFreeBytesAsync(string path, CancellationToken cancellationToken)
    {
        if (!_extensions.Contains(FileSystem))
        {
            return null;
        }

        SftpReader reader = await AskAsync(ExtendedReply, Extended, p => p.Text(FileSystem).Text(path), cancellationToken).ConfigureAwait(false);
        _ = reader.Long();
        ulong unit = reader.Long();
        _ = reader.Long();
        _ = reader.Long();
        return unit * reader.Long();
    }

    private async Task<byte[]> OpenAsync(string path, uint flags, int? mode, CancellationToken cancellationToken)
    {
        SftpReader reader = await AskAsync(
            Handle,
            Open,
            p =>
            {
                p.Text(path).Number(flags);
                if (mode is int rights)
                {
                    SftpAttributes.WriteMode(p, rights);
                }
                else
                {
                    p.Number(0);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return reader.Bytes();
    }

    private Task CloseAsync(byte[] handle, CancellationToken cancellationToken) => DoAsync(Close, p => p.Bytes(handle), cancellationToken);

    private Task<SftpReader> DoAsync(byte type, Action<SftpPacket> fill, CancellationToken cancellationToken) => AskAsync(Status, type, fill, cancellationToken);

    private async Task<SftpReader> AskAsync(byte expected, byte type, Action<SftpPacket> fill, CancellationToken cancellationToken)
    {
        uint id = ++_next;
        SftpPacket packet = new SftpPacket().Byte(type).Number(id);
        fill(packet);
        await SendAsync(packet, cancellationToken).ConfigureAwait(false);
        (byte answer, SftpReader reader) = await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        if (reader.Number() != id)
        {
            throw new InvalidDataException("The server answered something else than it was asked.");
        }

        if (answer == Status)
        {
            uint code = reader.Number();
            string text = reader.IsAtEnd ? "" : reader.Text();
            return code == 0 && expected == Status ? reader : throw new SftpStatusException(code, text);
        }

        return answer == expected ? reader : throw new InvalidDataException($"The server answered with a packet of type {answer}.");
    }

    private async Task SendAsync(SftpPacket packet, CancellationToken cancellationToken)
    {
        byte[] bytes = packet.ToArray();
        try
        {
            await input.WriteAsync(bytes, 0, bytes.Length, cancellationToken).ConfigureAwait(false);
            await input.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Array.Clear(bytes, 0, bytes.Length);
        }
    }

    private async Task<(byte Type, SftpReader Reader)> ReceiveAsync(CancellationToken cancellationToken)
    {
        SftpReader header = new(await ReadExactlyAsync(4, cancellationToken).ConfigureAwait(false));
        uint length = header.Number();
        if (length is 0 or > LongestPacket)
        {
            throw new InvalidDataException("What came is no SFTP; a shell's start-up file on the server may write something.");
        }

        SftpReader reader = new(await ReadExactlyAsync((int)length, cancellationToken).ConfigureAwait(false));
        return (reader.Byte(), reader);
    }

    private async Task<byte[]> ReadExactlyAsync(int count, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[count];
        for (int read = 0; read < count;)
        {
            int more = await output.ReadAsync(bytes, read, count - read, cancellationToken).ConfigureAwait(false);
            read += more > 0 ? more : throw new EndOfStreamException("The connection was closed.");
        }

        return bytes;
    }
}
