using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace KeyManager.Tests.Support.Acme;

/// <summary>One HTTP/1.1 response, or the connection's end in its place.</summary>
internal sealed class HttpAnswer(int status)
{
    public int Status { get; } = status;

    public List<(string Name, string Value)> Fields { get; } = [];

    public byte[] Body { get; private set; } = [];

    /// <summary>Where the connection ends, if it does.</summary>
    public ConnectionCut Cut { get; set; }

    public static HttpAnswer Json(int status, IReadOnlyDictionary<string, object?> members, string type = "application/json") =>
        new HttpAnswer(status).With("Content-Type", type).WithBody(StrictJson.Write(members));

    public static HttpAnswer Drop() => new(0) { Cut = ConnectionCut.BeforeAnswer };

    public HttpAnswer With(string name, string? value)
    {
        if (value is not null)
        {
            Fields.Add((name, value));
        }

        return this;
    }

    public HttpAnswer WithBody(string text) => WithBody(Encoding.UTF8.GetBytes(text));

    public HttpAnswer WithBody(byte[] octets)
    {
        Body = octets;
        return this;
    }

    /// <summary>The octets to send.</summary>
    /// <param name="isHead">A HEAD request gets no content.</param>
    public byte[] ToBytes(bool isHead)
    {
        StringBuilder head = new();
        head.Append(FormattableString.Invariant($"HTTP/1.1 {Status} {Reason(Status)}\r\n"));
        foreach ((string name, string value) in Fields)
        {
            head.Append(FormattableString.Invariant($"{name}: {value}\r\n"));
        }

        // No content has no length; RFC 9110 §8.6.
        head.Append(Status == 204 ? "\r\n" : $"Content-Length: {Body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n");
        byte[] all = [.. Encoding.ASCII.GetBytes(head.ToString()), .. isHead || Status == 204 ? [] : Body];
        return Cut == ConnectionCut.WithinAnswer ? [.. all.Take(all.Length - Math.Max(1, Body.Length / 2))] : all;
    }

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        307 => "Temporary Redirect",
        _ => status < 400 ? "Answer" : "Error",
    };
}
