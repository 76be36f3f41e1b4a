using System;
using System.Collections.Generic;

namespace KeyManager.Tests.Acme.ServerTests;

/// <summary>A signed request before it goes out, for a test to spoil.</summary>
internal sealed class RawDraft
{
    /// <summary>Members of the protected header; the values are JSON.</summary>
    public Dictionary<string, string> Header { get; } = [];

    public string Payload { get; set; } = "";

    public string ContentType { get; set; } = "application/jose+json";

    public string UserAgent { get; set; } = "raw-client/1";

    /// <summary>Changes the encoded protected header before it is signed.</summary>
    public Func<string, string> Protected { get; set; } = text => text;

    /// <summary>Changes the encoded payload before it is signed.</summary>
    public Func<string, string> EncodedPayload { get; set; } = text => text;

    public Func<byte[], byte[]> Signature { get; set; } = octets => octets;

    public Func<string, string> EncodedSignature { get; set; } = text => text;

    /// <summary>Changes the whole message.</summary>
    public Func<string, string> Body { get; set; } = text => text;
}
