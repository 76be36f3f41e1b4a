using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Text;

namespace KeyManager.Tests.Support.Acme;

/// <summary>
/// The world that Pebble looks at, as pebble-challtestsrv makes it up: names, files, TLS answers. Names may end in a dot or not; their case
/// counts. A name without an address of its own has 127.0.0.1.
/// </summary>
public sealed class PebbleDns : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Uri _management;

    internal PebbleDns(Uri management, string address)
    {
        _management = management;
        Address = address;
    }

    /// <summary>Where names are answered, over UDP and TCP: address and port.</summary>
    public string Address { get; }

    /// <summary>Adds one more TXT value.</summary>
    public void SetTxt(string host, string value) => Post("set-txt", ("host", Absolute(host)), ("value", value));

    /// <summary>Takes all TXT values away.</summary>
    public void ClearTxt(string host) => Post("clear-txt", ("host", Absolute(host)));

    public void AddA(string host, params string[] addresses) => Post("add-a", ("host", Absolute(host)), ("addresses", addresses));

    public void ClearA(string host) => Post("clear-a", ("host", Absolute(host)));

    public void AddAaaa(string host, params string[] addresses) => Post("add-aaaa", ("host", Absolute(host)), ("addresses", addresses));

    public void ClearAaaa(string host) => Post("clear-aaaa", ("host", Absolute(host)));

    public void AddCaa(string host, string tag, string value) =>
        Post("add-caa", ("host", Absolute(host)), ("policies", new List<object?> { new Dictionary<string, object?> { ["tag"] = tag, ["value"] = value } }));

    public void ClearCaa(string host) => Post("clear-caa", ("host", Absolute(host)));

    /// <summary>Sends a name elsewhere; followed once.</summary>
    public void SetCname(string host, string target) => Post("set-cname", ("host", Absolute(host)), ("target", Absolute(target)));

    public void ClearCname(string host) => Post("clear-cname", ("host", Absolute(host)));

    /// <summary>Every question about a name fails.</summary>
    public void SetServfail(string host) => Post("set-servfail", ("host", Absolute(host)));

    public void ClearServfail(string host) => Post("clear-servfail", ("host", Absolute(host)));

    /// <summary>The address of names without their own; empty for none.</summary>
    public void SetDefaultIPv4(string address) => Post("set-default-ipv4", ("ip", address));

    /// <summary>The IPv6 address of names without their own; empty for none, which is how it begins.</summary>
    public void SetDefaultIPv6(string address) => Post("set-default-ipv6", ("ip", address));

    /// <summary>Serves a file of http-01; with <see cref="PebbleOptions.AnswersChallenges"/>.</summary>
    public void AddHttp01(string token, string content) => Post("add-http01", ("token", token), ("content", content));

    public void RemoveHttp01(string token) => Post("del-http01", ("token", token));

    /// <summary>Answers tls-alpn-01; with <see cref="PebbleOptions.AnswersChallenges"/>.</summary>
    public void AddTlsAlpn01(string host, string keyAuthorization) => Post("add-tlsalpn01", ("host", host), ("content", keyAuthorization));

    public void RemoveTlsAlpn01(string host) => Post("del-tlsalpn01", ("host", host));

    /// <summary>Questions about a name (without final dot) so far, as JSON.</summary>
    public string DnsHistory(string host) => Post("dns-request-history", ("host", host));

    /// <summary>Requests for files of a host so far, as JSON; with <see cref="PebbleOptions.AnswersChallenges"/>.</summary>
    public string HttpHistory(string host) => Post("http-request-history", ("host", host));

    public void Dispose() => _http.Dispose();

    /// <summary>With a final dot, without which 2.4 does not find the name again.</summary>
    private static string Absolute(string host) => host.TrimEnd('.') + ".";

    private string Post(string action, params (string Name, object? Value)[] members)
    {
        Dictionary<string, object?> body = [];
        foreach ((string name, object? value) in members)
        {
            body[name] = value;
        }

        using StringContent content = new(StrictJson.Write(body), Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = _http.PostAsync(new Uri(_management, action), content).GetAwaiter().GetResult();
        string text = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"pebble-challtestsrv refused {action}: {(int)answer.StatusCode} {text}");
    }
}
