using System;
using System.Collections.Generic;
using System.Globalization;
using Newtonsoft.Json.Linq;

namespace KeyManager.Tests.Support.SslStore;

/// <summary>How the fake writes its answers; the real one has done it in every one of these ways.</summary>
internal sealed class SslStoreManners
{
    /// <summary>Numbers and flags as text.</summary>
    public bool NumbersAsText { get; set; }

    /// <summary>Message is one text and no list.</summary>
    public bool MessageAsText { get; set; }

    /// <summary>Culture of dates: en-US, en-GB, or ISO.</summary>
    public string Culture { get; set; } = "en-US";

    public bool HasUtcTwins { get; set; } = true;

    /// <summary>Names of records in capitals.</summary>
    public bool ShoutsRecordNames { get; set; }

    /// <summary>DomainAuthVettingStatus is null; the values stand at the root.</summary>
    public bool HidesValidations { get; set; }

    /// <summary>Gives back another ReplayToken.</summary>
    public bool EchoesWrongly { get; set; }

    public string ReplayToken { get; set; } = "";

    public JObject Outcome(bool isError, IReadOnlyList<string> messages) => new()
    {
        ["isError"] = NumbersAsText ? isError ? "true" : "false" : isError,
        ["Message"] = MessageAsText ? string.Join(" ", messages) : messages.Count == 0 ? null : new JArray(messages),
        ["Timestamp"] = "",
        ["ReplayToken"] = EchoesWrongly ? "somebody-else" : ReplayToken,
        ["InvokingPartnerCode"] = "12345678",
    };

    public string Date(DateTimeOffset? time) => time is not DateTimeOffset at ? Culture == "ISO" ? "" : "1/1/1900 12:00:00 AM" : at.UtcDateTime.ToString(
        Culture switch
        {
            "ISO" => "yyyy-MM-dd'T'HH:mm:ss'Z'",
            "en-GB" => "dd/MM/yyyy HH:mm:ss",
            _ => "M/d/yyyy h:mm:ss tt",
        },
        CultureInfo.InvariantCulture);
}
