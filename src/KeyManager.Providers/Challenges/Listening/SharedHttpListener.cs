using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Threading.Tasks;

namespace KeyManager.Providers.Challenges.Listening;

/// <summary>
/// Answers through the web server in the kernel of Windows (http.sys), which lets several programs share a port: KeyManager gets the requests below
/// /.well-known/acme-challenge/ and /.well-known/pki-validation/, IIS and the others keep the rest.
/// </summary>
internal sealed class SharedHttpListener : IDisposable
{
    private readonly ListenerProofs _proofs;
    private readonly HttpListener _listener = new();

    /// <summary>Starts to listen on all addresses.</summary>
    /// <exception cref="HttpListenerException">Not allowed, or a program has the port that does not share.</exception>
    public SharedHttpListener(int port, ListenerProofs proofs)
    {
        _proofs = proofs;
        foreach (string folder in new[] { "acme-challenge", "pki-validation" })
        {
            _listener.Prefixes.Add(string.Format(CultureInfo.InvariantCulture, "http://+:{0}/.well-known/{1}/", port, folder));
        }

        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public void Dispose() => _listener.Close();

    private async Task AcceptAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                Answer(await _listener.GetContextAsync().ConfigureAwait(false));
            }
            catch (Exception error) when (error is HttpListenerException or InvalidOperationException or IOException)
            {
                // Stopped; or the client left.
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        string method = context.Request.HttpMethod;
        using HttpListenerResponse response = context.Response;
        response.KeepAlive = false;
        if (method is "GET" or "HEAD" && context.Request.RawUrl is string path && _proofs.FindFile(path) is byte[] content)
        {
            response.ContentType = "application/octet-stream";
            response.ContentLength64 = content.Length;
            if (method == "GET")
            {
                response.OutputStream.Write(content, 0, content.Length);
            }
        }
        else
        {
            response.StatusCode = (int)HttpStatusCode.NotFound;
        }
    }
}
