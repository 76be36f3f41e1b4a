using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Bench.Acme;

/// <summary>
/// The same requests as an order makes, and nothing else: one HTTP client, signatures, a key and a request for each certificate; no store, no proof, no check of
/// what comes. It gives up at the first thing that goes wrong. What nobody can be faster than.
/// </summary>
internal sealed class BareProtocol(HttpClient http, Uri directory) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentStack<string> _nonces = new();
    private string _account = "";
    private string _newNonce = "";
    private string _newOrder = "";

    /// <summary>Before a question whose answer may not be there yet; not counted as time of the requests.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The last certificate with its chain, as PEM.</summary>
    public string Chain { get; private set; } = "";

    /// <summary>Reads the directory and makes an account.</summary>
    public async Task RegisterAsync()
    {
        using JsonDocument resources = JsonDocument.Parse(await http.GetStringAsync(directory).ConfigureAwait(false));
        _newNonce = Text(resources.RootElement, "newNonce");
        _newOrder = Text(resources.RootElement, "newOrder");
        Answer account = await PostAsync(Text(resources.RootElement, "newAccount"), """{"termsOfServiceAgreed":true}""").ConfigureAwait(false);
        _account = account.Location;
    }

    /// <summary>One certificate; answers how long its requests took, with making the key, the request and the signatures.</summary>
    public async Task<TimeSpan> IssueAsync(string name)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Answer order = await PostAsync(_newOrder, $$"""{"identifiers":[{"type":"dns","value":"{{name}}"}]}""").ConfigureAwait(false);
        Answer authorization = await PostAsync(order.Json.GetProperty("authorizations")[0].GetString()!, null).ConfigureAwait(false); // text, or the server is broken
        JsonElement challenge = authorization.Json.GetProperty("challenges").EnumerateArray().First(c => Text(c, "type") == "http-01");
        await PostAsync(Text(challenge, "url"), "{}").ConfigureAwait(false);
        await WaitAsync(watch, order.Location, "ready").ConfigureAwait(false);
        await PostAsync(Text(order.Json, "finalize"), $$"""{"csr":"{{Request(name)}}"}""").ConfigureAwait(false);
        Answer done = await WaitAsync(watch, order.Location, "valid").ConfigureAwait(false);
        Answer certificate = await PostAsync(Text(done.Json, "certificate"), null, isJson: false).ConfigureAwait(false);
        TimeSpan taken = watch.Elapsed;
        Chain = Encoding.ASCII.GetString(certificate.Body);
        return taken;
    }

    public void Dispose()
    {
        http.Dispose();
        _key.Dispose();
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new InvalidOperationException($"The server sent no {name}.");

    private static string Request(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + name, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return Base64Url.Encode(request.CreateSigningRequest());
    }

    private async Task<Answer> WaitAsync(Stopwatch watch, string order, string status)
    {
        while (true)
        {
            watch.Stop();
            await Task.Delay(Pause).ConfigureAwait(false);
            watch.Start();
            Answer answer = await PostAsync(order, null).ConfigureAwait(false);
            string now = Text(answer.Json, "status");
            if (now == status)
            {
                return answer;
            }

            if (now == "invalid")
            {
                throw new InvalidOperationException($"The order came to nothing: {answer.Json}");
            }
        }
    }

    private async Task<Answer> PostAsync(string url, string? payload, bool isJson = true)
    {
        string nonce = _nonces.TryPop(out string? kept) ? kept : await NonceAsync().ConfigureAwait(false);
        string head = Encode($$"""{"alg":"ES256",{{Who()}},"nonce":"{{nonce}}","url":"{{url}}"}""");
        string body = payload is null ? "" : Encode(payload);
        string signature = Base64Url.Encode(_key.SignData(Encoding.ASCII.GetBytes(head + "." + body), HashAlgorithmName.SHA256));
        using ByteArrayContent content = new(Encoding.ASCII.GetBytes($$"""{"protected":"{{head}}","payload":"{{body}}","signature":"{{signature}}"}"""));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/jose+json");
        using HttpResponseMessage response = await http.PostAsync(new Uri(url), content).ConfigureAwait(false);
        byte[] received = await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
        if (response.Headers.TryGetValues("Replay-Nonce", out System.Collections.Generic.IEnumerable<string>? fresh))
        {
            _nonces.Push(fresh.First());
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{url}: {(int)response.StatusCode} {Encoding.UTF8.GetString(received)}");
        }

        return new Answer(response.Headers.Location?.OriginalString ?? "", received, isJson ? JsonSerializer.Deserialize<JsonElement>(received) : default);
    }

    private static string Encode(string text) => Base64Url.Encode(Encoding.UTF8.GetBytes(text));

    private string Who()
    {
        if (_account.Length > 0)
        {
            return $"\"kid\":\"{_account}\"";
        }

        ECParameters key = _key.ExportParameters(includePrivateParameters: false);
        return $$"""
            "jwk":{"crv":"P-256","kty":"EC","x":"{{Base64Url.Encode(key.Q.X!)}}","y":"{{Base64Url.Encode(key.Q.Y!)}}"}
            """; // a public key has both
    }

    private async Task<string> NonceAsync()
    {
        using HttpRequestMessage request = new(HttpMethod.Head, new Uri(_newNonce));
        using HttpResponseMessage response = await http.SendAsync(request).ConfigureAwait(false);
        return response.Headers.GetValues("Replay-Nonce").First();
    }

    private sealed record Answer(string Location, byte[] Body, JsonElement Json);
}
