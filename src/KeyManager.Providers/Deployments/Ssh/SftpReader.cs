using System.IO;
using System.Text;

namespace KeyManager.Providers.Deployments.Ssh;

/// <summary>Reads the body of an answer.</summary>
internal sealed class SftpReader(byte[] body)
{
    private int _position;

    public bool IsAtEnd => _position >= body.Length;

    public byte Byte() => body[Advance(1)];

    public uint Number()
    {
        int at = Advance(4);
        return ((uint)body[at] << 24) | ((uint)body[at + 1] << 16) | ((uint)body[at + 2] << 8) | body[at + 3];
    }

    public ulong Long() => ((ulong)Number() << 32) | Number();

    public byte[] Bytes()
    {
        int length = (int)Number();
        byte[] bytes = new byte[length < 0 || length > body.Length - _position ? throw Damaged() : length];
        System.Buffer.BlockCopy(body, Advance(length), bytes, 0, length);
        return bytes;
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    private int Advance(int count)
    {
        int at = _position;
        return count < 0 || count > body.Length - at ? throw Damaged() : (_position += count) - count;
    }

    private static InvalidDataException Damaged() => new("The answer of the SFTP server is cut short.");
}
