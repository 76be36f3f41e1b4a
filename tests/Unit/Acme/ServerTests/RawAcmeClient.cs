using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Pkcs;

namespace KeyManager.Tests.Acme.ServerTests;

/// <summary>The least that speaks ACME: it signs what it is told and does what it is told with the answer.</summary>
internal sealed class RawAcmeClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly RawReply _directory;
    private string? _nonce;

    public RawAcmeClient(Uri directory, RawKey? key = null, HttpClient? http = null)
    {
        _http = http ?? new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        Key = key ?? RawKey.Ec();
        _directory = Send(HttpMethod.Get, directory.AbsoluteUri);
    }

    public RawKey Key { get; set; }

    /// <summary>The account; null before registration.</summary>
    public string? Account { get; set; }

    public static string Encode(byte[] data) => Convert.ToBase64String(data).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    /// <summary>The body of newOrder for DNS names.</summary>
    public static string Identifiers(params string[] names) =>
        "\"identifiers\":[" + string.Join(",", names.Select(name => $$"""{"type":"dns","value":"{{name}}"}""")) + "]";

    /// <summary>A certificate request as finalize takes it.</summary>
    public static string Csr(AsymmetricCipherKeyPair key, string? commonName, params GeneralName[] names)
    {
        X509ExtensionsGenerator extensions = new();
        extensions.AddExtension(X509Extensions.SubjectAlternativeName, false, new GeneralNames(names));
        DerSet attributes = new(new AttributePkcs(PkcsObjectIdentifiers.Pkcs9AtExtensionRequest, new DerSet(extensions.Generate())));
        X509Name subject = commonName is null ? X509Name.GetInstance(new DerSequence()) : new X509Name("CN=" + commonName);
        return Encode(new Pkcs10CertificationRequest(new Asn1SignatureFactory("SHA256WITHECDSA", key.Private), subject, key.Public, attributes).GetEncoded());
    }

    public static GeneralName[] Dns(params string[] names) => [.. names.Select(name => new GeneralName(GeneralName.DnsName, name))];

    public string Url(string name) => _directory.Text(name);

    public RawReply Get(string url) => Send(HttpMethod.Get, url);

    /// <summary>A nonce: the last answer's, or a new one.</summary>
    public string TakeNonce()
    {
        string nonce = _nonce ?? Send(HttpMethod.Head, Url("newNonce")).Fields["Replay-Nonce"];
        _nonce = null;
        return nonce;
    }

    public RawReply Register(string members = "\"termsOfServiceAgreed\":true", Action<RawDraft>? spoil = null)
    {
        RawReply reply = Post(Url("newAccount"), "{" + members + "}", draft =>
        {
            draft.Header.Remove("kid");
            draft.Header["jwk"] = Key.Jwk;
            spoil?.Invoke(draft);
        });
        Account = reply.Fields.TryGetValue("Location", out string? location) && reply.Status < 300 ? location : Account;
        return reply;
    }

    public RawReply Read(string url) => Post(url, "");

    public RawReply Post(string url, string payload, Action<RawDraft>? spoil = null)
    {
        RawDraft draft = new() { Payload = payload };
        draft.Header["alg"] = $"\"{Key.Algorithm}\"";
        draft.Header["nonce"] = $"\"{TakeNonce()}\"";
        draft.Header["url"] = $"\"{url}\"";
        draft.Header["kid"] = $"\"{Account}\"";
        spoil?.Invoke(draft);
        return Send(HttpMethod.Post, url, draft, Sign(draft, Key));
    }

    /// <summary>The message as flattened JSON.</summary>
    public static string Sign(RawDraft draft, RawKey key)
    {
        string header = draft.Protected(Encode("{" + string.Join(",", draft.Header.Select(member => $"\"{member.Key}\":{member.Value}")) + "}"));
        string payload = draft.EncodedPayload(Encode(draft.Payload));
        string signature = draft.EncodedSignature(Encode(draft.Signature(key.Sign(Encoding.ASCII.GetBytes(header + "." + payload)))));
        return draft.Body($$"""{"protected":"{{header}}","payload":"{{payload}}","signature":"{{signature}}"}""");
    }

    /// <summary>An order whose challenges are all met, ready to be finalized.</summary>
    public RawReply OrderReady(string members, string challenge = "dns-01")
    {
        RawReply order = Post(Url("newOrder"), "{" + members + "}");
        foreach (string authorization in order.Texts("authorizations"))
        {
            RawReply known = Read(authorization);
            if (known.Text("status") == "pending")
            {
                Post(known.Challenge(challenge), "{}");
            }
        }

        return order;
    }

    public RawReply Finalize(RawReply order, string csr) => Post(order.Text("finalize"), $$"""{"csr":"{{csr}}"}""");

    /// <summary>From the order to the finished one with its certificate.</summary>
    public RawReply Obtain(params string[] names) =>
        Finalize(OrderReady(Identifiers(names)), Csr(KeyManager.Tests.Support.Acme.CertificateForge.NewKey(), null, Dns(names)));

    public void Dispose() => _http.Dispose();

    private RawReply Send(HttpMethod method, string url, RawDraft? draft = null, string body = "")
    {
        using HttpRequestMessage message = new(method, url);
        string agent = draft?.UserAgent ?? "raw-client/1";
        if (agent.Length > 0)
        {
            message.Headers.TryAddWithoutValidation("User-Agent", agent);
        }

        if (draft is not null)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(draft.ContentType);
        }

        using HttpResponseMessage answer = _http.SendAsync(message).GetAwaiter().GetResult();
        Dictionary<string, string> fields = answer.Headers.Concat(answer.Content.Headers)
            .ToDictionary(field => field.Key, field => string.Join(", ", field.Value), StringComparer.OrdinalIgnoreCase);
        _nonce = fields.TryGetValue("Replay-Nonce", out string? nonce) ? nonce : _nonce;
        return new RawReply((int)answer.StatusCode, fields, answer.Content.ReadAsStringAsync().GetAwaiter().GetResult());
    }
}
