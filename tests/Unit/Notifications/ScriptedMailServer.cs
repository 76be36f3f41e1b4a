using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;

namespace KeyManager.Tests.Notifications;

/// <summary>A mail server with STARTTLS, TLS and user names that keeps to the order of a conversation (RFC 5321), and can be told to misbehave.</summary>
internal sealed class ScriptedMailServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly bool _isTls;

    public ScriptedMailServer(X509Certificate2 certificate, bool isTls = false)
    {
        _certificate = certificate;
        _isTls = isTls;
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool OffersStartTls { get; init; } = true;

    public string Ways { get; init; } = "PLAIN LOGIN";

    public string? Password { get; init; }

    /// <summary>Answers in the place of what it would say, by the first word of a command; an empty text hangs, null closes.</summary>
    public Dictionary<string, string?> Instead { get; } = [];

    /// <summary>Messages that it has taken: sender, recipients, text.</summary>
    public List<(string From, List<string> To, string Text, bool WasSecure, bool WasKnown)> Taken { get; } = [];

    /// <summary>Everything that was said in the clear.</summary>
    public StringBuilder Clear { get; } = new();

    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            _ = Task.Run(async () =>
            {
                using (client)
                {
                    try
                    {
                        await TalkAsync(client.GetStream());
                    }
                    catch (Exception e) when (e is IOException or AuthenticationException or ObjectDisposedException)
                    {
                        // The other side has had enough.
                    }
                }
            });
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        bool secure = _isTls;
        if (_isTls)
        {
            stream = await SecureAsync(stream);
        }

        string from = "";
        List<string> to = [];
        bool known = false;
        await SayAsync(stream, "220 mail.test ESMTP");
        while (await ReadAsync(stream, secure) is string line)
        {
            string word = line.Split(' ', ':')[0].ToUpperInvariant();
            if (Instead.TryGetValue(word, out string? instead))
            {
                if (instead is null)
                {
                    return;
                }

                if (instead.Length == 0)
                {
                    await Task.Delay(System.Threading.Timeout.Infinite);
                }

                await SayAsync(stream, instead);
                continue;
            }

            switch (word)
            {
                case "EHLO":
                    await SayAsync(stream, $"250-mail.test\r\n250-8BITMIME\r\n{(OffersStartTls && !secure ? "250-STARTTLS\r\n" : "")}{(secure && Ways.Length > 0 ? $"250-AUTH {Ways}\r\n" : "")}250 SIZE 1000000");
                    break;
                case "STARTTLS":
                    await SayAsync(stream, "220 go ahead");
                    stream = await SecureAsync(stream);
                    secure = true;
                    break;
                case "AUTH" when line.StartsWith("AUTH PLAIN ", StringComparison.Ordinal):
                    known = Encoding.UTF8.GetString(Convert.FromBase64String(line.Substring(11))) == $"\0user\0{Password}";
                    await SayAsync(stream, known ? "235 welcome" : "535 5.7.8 no");
                    break;
                case "AUTH":
                    await SayAsync(stream, "334 VXNlcm5hbWU6");
                    string user = (await ReadAsync(stream, secure))!;
                    await SayAsync(stream, "334 UGFzc3dvcmQ6");
                    string password = (await ReadAsync(stream, secure))!;
                    known = Encoding.UTF8.GetString(Convert.FromBase64String(user)) == "user" && Encoding.UTF8.GetString(Convert.FromBase64String(password)) == Password;
                    await SayAsync(stream, known ? "235 welcome" : "535 5.7.8 no");
                    break;
                case "MAIL":
                    from = line.Substring(10);
                    await SayAsync(stream, Password is null || known ? "250 ok" : "530 5.7.0 who are you");
                    break;
                case "RCPT" when from.Length > 0:
                    to.Add(line.Substring(8));
                    await SayAsync(stream, "250 ok");
                    break;
                case "DATA" when to.Count > 0:
                    await SayAsync(stream, "354 go ahead");
                    StringBuilder text = new();
                    while (await ReadAsync(stream, secure) is string data && data != ".")
                    {
                        text.Append(data.StartsWith(".", StringComparison.Ordinal) ? data.Substring(1) : data).Append('\n');
                    }

                    lock (Taken)
                    {
                        Taken.Add((from, to, text.ToString(), secure, known));
                    }

                    await SayAsync(stream, "250 taken");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye");
                    return;
                default:
                    await SayAsync(stream, "503 bad sequence");
                    break;
            }
        }
    }

    private async Task<Stream> SecureAsync(Stream stream)
    {
        SslStream secure = new(stream);
        await secure.AuthenticateAsServerAsync(_certificate, clientCertificateRequired: false, SslProtocols.Tls12, checkCertificateRevocation: false);
        return secure;
    }

    private static async Task SayAsync(Stream stream, string line)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(line + "\r\n");
        await stream.WriteAsync(bytes, 0, bytes.Length);
        await stream.FlushAsync();
    }

    private async Task<string?> ReadAsync(Stream stream, bool secure)
    {
        List<byte> line = [];
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one, 0, 1) == 1)
        {
            if (one[0] == '\n')
            {
                string text = Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
                if (!secure)
                {
                    lock (Clear)
                    {
                        Clear.Append(text).Append('\n');
                    }
                }

                return text;
            }

            line.Add(one[0]);
        }

        return null;
    }
}
