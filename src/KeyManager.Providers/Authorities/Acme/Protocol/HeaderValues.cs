using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>The headers that ACME gives a meaning.</summary>
internal static class HeaderValues
{
    private static readonly Regex LinkForm = new(
        "<(?<target>[^>]*)>(?:\\s*;\\s*(?<name>[^;,=\\s\"]+)\\s*(?:=\\s*(?:\"(?<value>[^\"]*)\"|(?<value>[^;,\"\\s]*))))*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    /// <summary>The targets of the Link headers of a relation (RFC 8288).</summary>
    public static IReadOnlyList<Uri> ReadLinks(IEnumerable<string> values, string relation, Uri from)
    {
        List<Uri> links = [];
        foreach (Match match in values.SelectMany(v => LinkForm.Matches(v).Cast<Match>()))
        {
            CaptureCollection names = match.Groups["name"].Captures;
            CaptureCollection texts = match.Groups["value"].Captures;
            bool isMeant = Enumerable.Range(0, names.Count).Any(i =>
                string.Equals(names[i].Value, "rel", StringComparison.OrdinalIgnoreCase) && texts[i].Value.Split(' ').Contains(relation, StringComparer.OrdinalIgnoreCase));
            if (isMeant && JsonReading.ToUrl(match.Groups["target"].Value, from) is Uri url)
            {
                links.Add(url);
            }
        }

        return links;
    }
}
