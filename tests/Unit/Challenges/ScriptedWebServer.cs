using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace KeyManager.Tests.Challenges;

/// <summary>A web server on the loopback that answers what the test says. One port speaks http and, when the first octet is that of TLS, https with a certificate nobody trusts.</summary>
internal sealed class ScriptedWebServer : IDisposable
{
    private static readonly Lazy<X509Certificate2> Certificate = new(MakeCertificate);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Request, string> _answer;
    private readonly List<Request> _requests = [];
    private readonly Task _loop;
    private volatile bool _stopped;

    /// <param name="answer">The whole response as text; without an end when it ends in <see cref="Endless"/>, kept open when it ends in <see cref="Stall"/>.</param>
    public ScriptedWebServer(Func<Request, string> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = Task.Run(AcceptAsync);
    }

    public const string Endless = "\u0001";

    public const string Stall = "\u0002";

    public string Address => _listener.LocalEndpoint.ToString()!;

    public IReadOnlyList<Request> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public static string Ok(string body) => $"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public static string Status(string status) => $"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n";

    public static string Redirect(string location, int status = 302) => $"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n";

    public void Dispose()
    {
        _stopped = true;
        _listener.Stop();
        _loop.Wait(TimeSpan.FromSeconds(10));
    }

    private static X509Certificate2 MakeCertificate()
    {
        // With BouncyCastle, since it is the same on every runtime.
        SecureRandom random = new();
        RsaKeyPairGenerator generator = new();
        generator.Init(new KeyGenerationParameters(random, 2048));
        AsymmetricCipherKeyPair keys = generator.GenerateKeyPair();
        X509V3CertificateGenerator content = new();
        content.SetSerialNumber(BigInteger.One);
        content.SetIssuerDN(new X509Name("CN=nobody"));
        content.SetSubjectDN(new X509Name("CN=nobody"));
        content.SetNotBefore(new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        content.SetNotAfter(new DateTime(2021, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        content.SetPublicKey(keys.Public);
        X509CertificateEntry entry = new(content.Generate(new Asn1SignatureFactory("SHA256WITHRSA", keys.Private, random)));
        Pkcs12Store store = new Pkcs12StoreBuilder().Build();
        store.SetKeyEntry("key", new AsymmetricKeyEntry(keys.Private), [entry]);
        using MemoryStream bytes = new();
        store.Save(bytes, "p".ToCharArray(), random);
#pragma warning disable SYSLIB0057 // its successor is not on .NET Framework
        return new X509Certificate2(bytes.ToArray(), "p", X509KeyStorageFlags.Exportable);
#pragma warning restore SYSLIB0057
    }

    private async Task AcceptAsync()
    {
        while (!_stopped)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _ = Task.Run(() => Serve(client));
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Stopped.
            }
        }
    }

    private void Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                byte[] first = new byte[1];
                bool secure = client.Client.Receive(first, SocketFlags.Peek) == 1 && first[0] == 0x16;
                Stream stream = client.GetStream();
                if (secure)
                {
                    SslStream tls = new(stream);
                    tls.AuthenticateAsServer(Certificate.Value, false, SslProtocols.Tls12, false);
                    stream = tls;
                }

                Request request = Read(stream, secure);
                lock (_requests)
                {
                    _requests.Add(request);
                }

                Write(stream, _answer(request));

                // Half closed, then until the client has it all: closing at once may throw away what is on its way.
                client.Client.Shutdown(SocketShutdown.Send);
                while (stream.Read(first, 0, 1) > 0)
                {
                }
            }
            catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or AuthenticationException)
            {
                // The client left.
            }
        }
    }

    private static void Write(Stream stream, string answer)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(answer.TrimEnd(Endless[0], Stall[0]));
        stream.Write(bytes, 0, bytes.Length);
        stream.Flush();
        byte[] more = new byte[1024];
        for (int i = 0; i < more.Length; i++)
        {
            more[i] = (byte)'x';
        }

        while (answer.EndsWith(Endless, StringComparison.Ordinal))
        {
            stream.Write(more, 0, more.Length);
        }

        if (answer.EndsWith(Stall, StringComparison.Ordinal))
        {
            // Until the client leaves.
            stream.ReadByte();
        }
    }

    private static Request Read(Stream stream, bool secure)
    {
        StringBuilder head = new();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int octet = stream.ReadByte();
            head.Append(octet >= 0 ? (char)octet : throw new EndOfStreamException());
        }

        string[] lines = head.ToString().Split(["\r\n"], StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, string> fields = lines.Skip(1).Select(line => line.Split([':'], 2)).ToDictionary(f => f[0], f => f[1].Trim(), StringComparer.OrdinalIgnoreCase);
        return new Request(lines[0].Split(' ')[0], lines[0].Split(' ')[1], fields["Host"], secure, fields);
    }

    /// <summary>What the client sent.</summary>
    internal sealed record Request(string Method, string Path, string Host, bool IsSecure, IReadOnlyDictionary<string, string> Fields);
}
