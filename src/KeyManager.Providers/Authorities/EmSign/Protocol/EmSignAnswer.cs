using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.EmSign.Protocol;

/// <summary>An answer of the API: the block meta with the outcome, and one more with what was asked for, which may be missing, null or an empty text.</summary>
internal sealed class EmSignAnswer
{
    private static readonly Regex CodeForm = new(@"EMS-?(?<code>\d+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private readonly JObject _root;

    private EmSignAnswer(JObject root, JObject meta)
    {
        _root = root;
        IsError = meta.Text("status") != "1";
        Code = CodeForm.Match(meta.Text("errorCode") ?? "") is { Success: true } match && int.TryParse(match.Groups["code"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : null;
        Message = meta.Text("errorMessage") ?? "";
        ServerTime = ApiMoment.Read(meta.Text("ts") ?? meta.Text("responseTs"));
    }

    /// <summary>True when the API says no.</summary>
    public bool IsError { get; }

    /// <summary>The number behind EMS-; <c>null</c> when there is none.</summary>
    public int? Code { get; }

    /// <summary>What it says; empty when it says nothing.</summary>
    public string Message { get; }

    /// <summary>The server's time as the answer has it.</summary>
    public DateTimeOffset? ServerTime { get; }

    /// <exception cref="FormatException">It is no JSON, or has no outcome.</exception>
    public static EmSignAnswer Read(byte[] body) => ApiJson.Parse(body) is JObject root && root.Object("meta") is JObject meta
        ? new EmSignAnswer(root, meta)
        : throw new FormatException("the answer has no block 'meta'");

    /// <summary>The block with this name; empty when it is missing or no object.</summary>
    public JObject Block(string name) => _root.Object(name) ?? [];

    /// <summary>The objects of this block, whether it is one or a list.</summary>
    public IReadOnlyList<JObject> Blocks(string name) => _root.Objects(name);
}
