using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace KeyManager.HelpGenerator;

/// <summary>Turns the inside of a doc comment into paragraphs of plain text.</summary>
/// <param name="cmdletNames">The cmdlet names by full class name, so that a reference to a class reads as users know it.</param>
internal sealed partial class DocumentationText(IReadOnlyDictionary<string, string> cmdletNames)
{
    private static readonly string[] Blocks = ["para", "list", "code"];

    /// <summary>The paragraphs of an element; none when it is null or empty.</summary>
    public IReadOnlyList<string> Paragraphs(XElement? element)
    {
        if (element is null)
        {
            return [];
        }

        List<string> paragraphs = [];
        StringBuilder running = new();
        foreach (XNode node in element.Nodes())
        {
            if (node is XElement block && Blocks.Contains(block.Name.LocalName))
            {
                Flush(running, paragraphs);
                paragraphs.AddRange(Block(block));
            }
            else
            {
                running.Append(Inline(node));
            }
        }

        Flush(running, paragraphs);
        return paragraphs;
    }

    /// <summary>Program text as it stands, without the indentation of the comment around it.</summary>
    public static string Code(XElement element)
    {
        string[] lines = element.Value.Replace("\r", "", StringComparison.Ordinal).Split('\n');
        IEnumerable<string> filled = lines.Where(l => !string.IsNullOrWhiteSpace(l)).Skip(string.IsNullOrWhiteSpace(lines[0]) ? 0 : 1);
        int indent = filled.Select(l => l.Length - l.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select(l => l.Length - l.TrimStart().Length >= indent ? l[indent..].TrimEnd() : l.Trim())).Trim('\n', ' ');
    }

    private IEnumerable<string> Block(XElement block) => block.Name.LocalName switch
    {
        "code" => [Code(block)],
        "list" => block.Elements("item").Select(i => "- " + string.Join(" ", Paragraphs(i))),
        _ => Paragraphs(block),
    };

    private string Inline(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" } reference => Reference(reference),
        XElement { Name.LocalName: "paramref" or "typeparamref" } name => (string?)name.Attribute("name") ?? "",
        XElement { Name.LocalName: "br" } => " ",
        XElement other => string.Concat(other.Nodes().Select(Inline)),
        _ => "",
    };

    private string Reference(XElement element)
    {
        if (!string.IsNullOrWhiteSpace(element.Value))
        {
            return element.Value;
        }

        string target = (string?)element.Attribute("cref") ?? (string?)element.Attribute("langword") ?? (string?)element.Attribute("href") ?? "";
        return target.Length > 2 && target[1] == ':' ? Member(target) : target;
    }

    /// <summary>How users call what a cref (T:KeyManager.KeySpec) means.</summary>
    public string Member(string cref)
    {
        string name = cref[2..].Split('(')[0];
        return cmdletNames.TryGetValue(name, out string? cmdlet) ? cmdlet : name[(name.LastIndexOf('.') + 1)..];
    }

    private static void Flush(StringBuilder running, List<string> paragraphs)
    {
        string text = Space().Replace(running.ToString(), " ").Trim();
        running.Clear();
        if (text.Length > 0)
        {
            paragraphs.Add(text);
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
