using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace FirstCertificate;

/// <summary>The smallest web server that can serve a challenge file: GET, one folder, this machine only. Yours is nginx, Apache or IIS.</summary>
internal sealed class WebSite : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly string _root;
    private readonly Task _serving;

    public WebSite(string root)
    {
        _root = Path.GetFullPath(root);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it listens, such as 127.0.0.1:49152.</summary>
    public string Address => _listener.LocalEndpoint.ToString()!; // an IPEndPoint has a text

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _serving.ConfigureAwait(false);
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_closing.Token).ConfigureAwait(false);
                await AnswerAsync(client.GetStream()).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (IOException)
            {
                // A visitor that hung up; the next one may come.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.ASCII);
        string request = await reader.ReadLineAsync(_closing.Token).ConfigureAwait(false) ?? "";
        while (!string.IsNullOrEmpty(await reader.ReadLineAsync(_closing.Token).ConfigureAwait(false)))
        {
            // The headers do not matter here.
        }

        string[] words = request.Split(' ');
        string file = Path.GetFullPath(Path.Combine(_root, words.Length < 2 ? "" : words[1].TrimStart('/')));
        bool found = words[0] == "GET" && file.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(file);
        byte[] body = found ? await File.ReadAllBytesAsync(file, _closing.Token).ConfigureAwait(false) : [];
        string status = found ? "200 OK" : "404 Not Found";
        Console.WriteLine($"   (web server: {request} -> {status})");
        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
        await stream.WriteAsync(head, _closing.Token).ConfigureAwait(false);
        await stream.WriteAsync(body, _closing.Token).ConfigureAwait(false);
    }
}
