using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.SslStore.Protocol;

/// <summary>How the proof of one name stands (OrderStatus.DomainAuthVettingStatus).</summary>
internal sealed record ValidationRow(string Domain, string? Method, string? Status, string? FileName, string? FileContents, string? DnsName, string? DnsEntry)
{
    public static ValidationRow? Read(JObject json) => json.Text("domain") is string domain
        ? new ValidationRow(domain, json.Text("dcvMethod"), json.Text("dcvStatus"), json.Text("FileName"), Raw(json, "FileContents"), json.Text("DNSName"), json.Text("DNSEntry"))
        : null;

    /// <summary>The content of a file, whose line ends count.</summary>
    public static string? Raw(JObject json, string name) => json.Member(name) is JValue { Value: string { Length: > 0 } text } && !string.IsNullOrWhiteSpace(text) ? text : null;
}
