using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Tests.Deployments;

/// <summary>A server that insists on what its protocol says before TLS: any other word ends the connection.</summary>
internal sealed class StartTlsServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly EndpointProtocol _protocol;
    private readonly bool _refuses;

    public StartTlsServer(EndpointProtocol protocol, X509Certificate2 certificate, bool refuses = false)
    {
        _protocol = protocol;
        _certificate = certificate;
        _refuses = refuses;
        _listener.Start();
        _ = ServeAsync();
    }

    public Endpoint Endpoint => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port, _protocol, "www.contoso.com");

    public void Dispose()
    {
        _listener.Stop();
        _certificate.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                NetworkStream stream = client.GetStream();
                if (!await TalkAsync(stream))
                {
                    continue;
                }

                using SslStream tls = new(stream);
                await tls.AuthenticateAsServerAsync(_certificate, false, SslProtocols.None, false);
            }
        }
        catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException or InvalidOperationException or AuthenticationException)
        {
            // The test is over.
        }
    }

    private async Task<bool> TalkAsync(Stream stream)
    {
        switch (_protocol)
        {
            case EndpointProtocol.Smtp:
                await SayAsync(stream, "220-mail.contoso.com ESMTP\r\n220 at your service\r\n");
                bool greeted = (await HearAsync(stream)).StartsWith("EHLO ", StringComparison.Ordinal);
                await SayAsync(stream, "250-mail.contoso.com\r\n250-SIZE 1000\r\n250 STARTTLS\r\n");
                greeted &= await HearAsync(stream) == "STARTTLS";
                await SayAsync(stream, _refuses ? "454 not now\r\n" : "220 go ahead\r\n");
                return greeted && !_refuses;
            case EndpointProtocol.Imap:
                await SayAsync(stream, "* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n");
                bool asked = await HearAsync(stream) == "a1 STARTTLS";
                await SayAsync(stream, _refuses ? "a1 BAD no\r\n" : "* STATUS is untagged\r\na1 OK begin\r\n");
                return asked && !_refuses;
            case EndpointProtocol.Pop3:
                await SayAsync(stream, "+OK ready\r\n");
                bool wanted = await HearAsync(stream) == "STLS";
                await SayAsync(stream, _refuses ? "-ERR no\r\n" : "+OK begin\r\n");
                return wanted && !_refuses;
            case EndpointProtocol.Postgres:
                byte[] request = await ReadAsync(stream, 8);
                await stream.WriteAsync(_refuses ? [(byte)'N'] : [(byte)'S'], 0, 1);
                return request.SequenceEqual(new byte[] { 0, 0, 0, 8, 4, 210, 22, 47 }) && !_refuses;
            case EndpointProtocol.Ldap:
                byte[] extended = await ReadAsync(stream, 31);
                bool named = Encoding.ASCII.GetString(extended, 9, 22) == "1.3.6.1.4.1.1466.20037";

                // resultCode, matchedDN, diagnosticMessage: 0 is success, 2 a protocol error.
                byte[] answer = [0x30, 0x0C, 0x02, 0x01, 0x01, 0x78, 0x07, 0x0A, 0x01, (byte)(_refuses ? 2 : 0), 0x04, 0x00, 0x04, 0x00];
                await stream.WriteAsync(answer, 0, answer.Length);
                return named && !_refuses;
            case EndpointProtocol.Ftp:
                await SayAsync(stream, "220-Welcome\r\nto this server\r\n220 ready\r\n");
                bool secured = await HearAsync(stream) == "AUTH TLS";
                await SayAsync(stream, _refuses ? "502 not here\r\n" : "234 go ahead\r\n");
                return secured && !_refuses;
            case EndpointProtocol.Xmpp:
            case EndpointProtocol.XmppServer:
                string opening = await HearAsync(stream);
                bool opened = opening.Contains("to='www.contoso.com'", StringComparison.Ordinal)
                    && opening.Contains(_protocol == EndpointProtocol.Xmpp ? "'jabber:client'" : "'jabber:server'", StringComparison.Ordinal);
                await SayAsync(stream, "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' version='1.0'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>");
                opened &= await HearAsync(stream) == "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
                await SayAsync(stream, _refuses ? "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" : "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
                return opened && !_refuses;
            default:
                return !_refuses;
        }
    }

    private static async Task SayAsync(Stream stream, string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        await stream.WriteAsync(bytes, 0, bytes.Length);
    }

    private static async Task<string> HearAsync(Stream stream)
    {
        StringBuilder line = new();
        while (true)
        {
            byte one = (await ReadAsync(stream, 1))[0];
            if (one == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one);
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        byte[] bytes = new byte[count];
        for (int read = 0; read < count;)
        {
            int more = await stream.ReadAsync(bytes, read, count - read);
            read += more > 0 ? more : throw new IOException("closed");
        }

        return bytes;
    }
}
