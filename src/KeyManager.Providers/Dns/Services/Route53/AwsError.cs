using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>What AWS says when it says no.</summary>
/// <param name="Code">Its code, such as InvalidChangeBatch; empty when the answer is not in its form.</param>
/// <param name="Messages">Its words; one refusal of a batch may have several.</param>
internal sealed record AwsError(string Code, IReadOnlyList<string> Messages)
{
    public const string InvalidChangeBatch = nameof(InvalidChangeBatch);

    /// <summary>All its words.</summary>
    public string Said => string.Join(" ", Messages);

    /// <summary>Whether it asks to come again later: too many requests, or an earlier change of the same zone is still being taken in.</summary>
    public bool MeansLater => Code is "Throttling" or "ThrottlingException" or "PriorRequestNotComplete";

    /// <summary>Whether the session of a temporary key is over.</summary>
    public bool IsExpired => Code is "ExpiredToken" or "ExpiredTokenException";

    /// <summary>Whether the time of the signature was refused.</summary>
    public bool IsOfTime => Code == "RequestExpired"
        || (Code == "SignatureDoesNotMatch" && Messages.Any(m => m.StartsWith("Signature expired", StringComparison.Ordinal) || m.StartsWith("Signature not yet current", StringComparison.Ordinal)));

    /// <summary>Reads either form: ErrorResponse with an Error in it, or a root that is called as the code.</summary>
    public static AwsError Read(HttpAnswer answer)
    {
        if (AwsXml.TryRead(answer) is not XElement root)
        {
            return new AwsError("", []);
        }

        XElement error = root.Child("Error") ?? root;
        string code = error.Text("Code")?.Trim() ?? root.Name.LocalName;
        List<string> messages = [.. error.Elements().Where(e => e.Name.LocalName == "Message").Select(e => e.Value.Trim())];
        messages.AddRange(error.Elements().Where(e => e.Name.LocalName == "Messages").SelectMany(list => list.Elements()).Select(e => e.Value.Trim()));
        return new AwsError(code, messages);
    }
}
