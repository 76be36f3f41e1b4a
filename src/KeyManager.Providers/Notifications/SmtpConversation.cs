using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Notifications;

/// <summary>A conversation with a mail server (RFC 5321, 3207, 4954, 8314): hello, TLS, who we are, one message. For one thread.</summary>
internal sealed class SmtpConversation : IDisposable
{
    private const int LongestLine = 4096;
    private const int MostLines = 200;

    private readonly TcpClient _socket = new();
    private readonly string _server;
    private readonly TrustedRoots? _roots;
    private Stream _stream = Stream.Null;
    private HashSet<string> _abilities = [];

    public SmtpConversation(string server, TrustedRoots? roots)
    {
        _server = server;
        _roots = roots;
    }

    /// <summary>Connects and says hello, over TLS as the policy says.</summary>
    public async Task OpenAsync(int port, MailSecurity security, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration stop = cancellationToken.Register(_socket.Dispose);
        await _socket.ConnectAsync(_server, port).ConfigureAwait(false);
        _stream = _socket.GetStream();
        if (security == MailSecurity.Tls)
        {
            await SecureAsync().ConfigureAwait(false);
        }

        await ExpectAsync(220, "its greeting").ConfigureAwait(false);
        await HelloAsync().ConfigureAwait(false);
        if (security == MailSecurity.StartTls)
        {
            if (!_abilities.Contains("STARTTLS"))
            {
                throw Refused("it does not offer STARTTLS, so nothing was sent", "Use -MailSecurity Tls where it has a port for that, or None where the way to it is safe.");
            }

            await AskAsync("STARTTLS", 220).ConfigureAwait(false);
            await SecureAsync().ConfigureAwait(false);

            // What was said in the clear counts for nothing (RFC 3207 §4.2).
            await HelloAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Says who we are, the way that the server takes.</summary>
    public async Task AuthenticateAsync(string userName, byte[] password, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration stop = cancellationToken.Register(_socket.Dispose);
        string[] ways = [.. _abilities.Where(a => a.StartsWith("AUTH ", StringComparison.Ordinal) || a.StartsWith("AUTH=", StringComparison.Ordinal)).SelectMany(a => a.Substring(5).Split(' '))];
        byte[] user = Encoding.UTF8.GetBytes(userName);
        if (ways.Contains("PLAIN"))
        {
            byte[] both = [0, .. user, 0, .. password];
            await AskSecretlyAsync("AUTH PLAIN " + Convert.ToBase64String(both), 235).ConfigureAwait(false);
            Array.Clear(both, 0, both.Length);
        }
        else if (ways.Contains("LOGIN"))
        {
            await AskAsync("AUTH LOGIN", 334).ConfigureAwait(false);
            await AskSecretlyAsync(Convert.ToBase64String(user), 334).ConfigureAwait(false);
            await AskSecretlyAsync(Convert.ToBase64String(password), 235).ConfigureAwait(false);
        }
        else
        {
            throw Refused(
                ways.Length == 0 ? "it takes no user names here" : $"it takes user names only by {string.Join(", ", ways)}",
                "Leave out -Credential, or use a port of the server that takes user name and password (PLAIN or LOGIN).");
        }
    }

    /// <summary>Hands over one message; returns when the server has taken it.</summary>
    public async Task SendAsync(string from, IReadOnlyList<string> to, IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration stop = cancellationToken.Register(_socket.Dispose);
        await AskAsync($"MAIL FROM:<{from}>", 250).ConfigureAwait(false);
        foreach (string address in to)
        {
            await AskAsync($"RCPT TO:<{address}>", 250, 251).ConfigureAwait(false);
        }

        await AskAsync("DATA", 354).ConfigureAwait(false);
        StringBuilder text = new();
        foreach (string line in lines)
        {
            // A line with a dot alone would be the end of it.
            text.Append(line.StartsWith(".", StringComparison.Ordinal) ? "." : "").Append(line).Append("\r\n");
        }

        await WriteAsync(text.Append(".\r\n").ToString()).ConfigureAwait(false);
        await ExpectAsync(250, "the message").ConfigureAwait(false);
        try
        {
            await WriteAsync("QUIT\r\n").ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has the message.
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task SecureAsync()
    {
        SslStream secure = new(_stream, leaveInnerStreamOpen: false, (_, certificate, chain, errors) =>
            errors == SslPolicyErrors.None || (_roots is not null && certificate is not null && _roots.Accept(new X509Certificate2(certificate), chain, errors)));
        _stream = secure;
        try
        {
            await secure.AuthenticateAsClientAsync(_server, null, SslProtocols.None, checkCertificateRevocation: false).ConfigureAwait(false);
        }
        catch (AuthenticationException error)
        {
            throw new TransportException(ErrorIds.MailServerNotTrusted, $"The TLS certificate of the mail server {_server} is not trusted here: {error.Message.TrimEnd('.')}.", error)
            {
                Target = _server,
                WasNeverSent = true,
                Remedy = "Give the root to trust with -TrustedRootPath, and the server by the name that is in its certificate.",
            };
        }
    }

    private async Task HelloAsync()
    {
        IReadOnlyList<string> said = await AskAsync("EHLO " + HostName(), 250).ConfigureAwait(false);
        _abilities = [.. said.Skip(1).Select(l => l.Trim().ToUpperInvariant())];
    }

    private static string HostName()
    {
        string name = new([.. Environment.MachineName.Where(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-')]);
        return name.Length > 0 ? name : "localhost";
    }

    private async Task<IReadOnlyList<string>> AskAsync(string command, params int[] wanted)
    {
        await WriteAsync(command + "\r\n").ConfigureAwait(false);
        return await ExpectAsync(wanted, command.Split(' ')[0]).ConfigureAwait(false);
    }

    private async Task AskSecretlyAsync(string command, int wanted)
    {
        await WriteAsync(command + "\r\n").ConfigureAwait(false);
        await ExpectAsync(wanted, "the user name and password").ConfigureAwait(false);
    }

    private Task<IReadOnlyList<string>> ExpectAsync(int wanted, string after) => ExpectAsync([wanted], after);

    private async Task<IReadOnlyList<string>> ExpectAsync(int[] wanted, string after)
    {
        List<string> lines = [];
        while (lines.Count < MostLines)
        {
            string line = await ReadLineAsync().ConfigureAwait(false);
            if (line.Length < 3 || !int.TryParse(line.Substring(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int code))
            {
                throw Refused("it does not speak SMTP", "Check -SmtpServer, -SmtpPort and -MailSecurity: port 465 is Tls, 587 is StartTls.");
            }

            lines.Add(line.Length > 4 ? line.Substring(4) : "");
            if (line.Length > 3 && line[3] == '-')
            {
                continue;
            }

            return wanted.Contains(code)
                ? lines
                : throw Refused($"to {after} it said: {code} {string.Join(" ", lines)}", code is 535 or 534 or 530 ? "Give the right user with -Credential." : "Look into the log of the mail server.", isTransient: code is >= 400 and < 500, isCredential: code is 535 or 534 or 530);
        }

        throw Refused("its answer has no end", "Check -SmtpServer and -SmtpPort.");
    }

    private async Task<string> ReadLineAsync()
    {
        // Byte by byte: what follows an answer may be the beginning of TLS.
        List<byte> line = [];
        byte[] one = new byte[1];
        while (line.Count < LongestLine)
        {
            if (await _stream.ReadAsync(one, 0, 1).ConfigureAwait(false) == 0)
            {
                throw new IOException("the connection was closed");
            }

            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        throw Refused("its answer has no end", "Check -SmtpServer and -SmtpPort.");
    }

    private async Task WriteAsync(string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        await _stream.WriteAsync(bytes, 0, bytes.Length).ConfigureAwait(false);
        await _stream.FlushAsync().ConfigureAwait(false);
    }

    private KeyManagerException Refused(string said, string remedy, bool isTransient = false, bool isCredential = false)
    {
        string clean = new([.. said.Select(c => char.IsControl(c) ? ' ' : c).Take(500)]);
        return isCredential
            ? new CredentialException(ErrorIds.MailServerRefused, $"The mail server {_server} refused: {clean}.") { Target = _server, Remedy = remedy }
            : new TransportException(ErrorIds.MailServerRefused, $"The mail server {_server} refused: {clean}.") { Target = _server, Remedy = remedy, IsTransient = isTransient };
    }
}
