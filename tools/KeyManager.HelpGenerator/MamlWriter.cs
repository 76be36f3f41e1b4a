using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;

namespace KeyManager.HelpGenerator;

/// <summary>Writes cmdlets as MAML, the only help format that both Windows PowerShell and PowerShell read for compiled cmdlets.</summary>
internal sealed class MamlWriter(DocumentationText text)
{
    private static readonly XNamespace Msh = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public XDocument Write(IEnumerable<CmdletHelp> cmdlets) => new(
        new XDeclaration("1.0", "utf-8", null),
        new XElement(
            Msh + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            cmdlets.Select(Cmdlet)));

    private XElement Cmdlet(CmdletHelp cmdlet)
    {
        IReadOnlyList<string> summary = text.Paragraphs(cmdlet.Documentation?.Element("summary"));
        IReadOnlyList<string> remarks = text.Paragraphs(cmdlet.Documentation?.Element("remarks"));
        return new XElement(
            Command + "command",
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                Paragraphs(Maml + "description", summary),
                new XElement(Maml + "copyright", new XElement(Maml + "para")),
                new XElement(Command + "verb", cmdlet.Verb),
                new XElement(Command + "noun", cmdlet.Noun),
                new XElement(Dev + "version")),
            Paragraphs(Maml + "description", remarks.Count > 0 ? remarks : summary),
            new XElement(Command + "syntax", Sets(cmdlet).Select(set => SyntaxItem(cmdlet, set))),
            new XElement(Command + "parameters", cmdlet.Parameters.OrderBy(p => p.Name, System.StringComparer.Ordinal).Select(p => Parameter(p, p.Uses[0], inSyntax: false))),
            new XElement(Command + "inputTypes", Inputs(cmdlet).Select(t => new XElement(Command + "inputType", Type(t), Paragraphs(Maml + "description", [])))),
            new XElement(Command + "returnValues", Outputs(cmdlet).Select(t => new XElement(Command + "returnValue", Type(t), Paragraphs(Maml + "description", [])))),
            new XElement(Command + "examples", Elements(cmdlet, "example").Select((e, i) => Example(e, i + 1))),
            new XElement(Command + "relatedLinks", Links(cmdlet)));
    }

    private XElement SyntaxItem(CmdletHelp cmdlet, string set)
    {
        var used = cmdlet.Parameters
            .Select(p => (Parameter: p, Use: p.Uses.FirstOrDefault(u => u.Set == set) ?? p.Uses.FirstOrDefault(u => u.Set == ParameterUse.AllSets)))
            .Where(p => p.Use is not null)
            .OrderBy(p => p.Use!.Position ?? int.MaxValue) // filtered the line above
            .ThenByDescending(p => p.Use!.IsMandatory);
        return new XElement(Command + "syntaxItem", new XElement(Maml + "name", cmdlet.Name), used.Select(p => Parameter(p.Parameter, p.Use!, inSyntax: true)));
    }

    private XElement Parameter(ParameterHelp parameter, ParameterUse use, bool inSyntax)
    {
        List<string> description = [.. text.Paragraphs(parameter.Documentation?.Element("summary")), .. text.Paragraphs(parameter.Documentation?.Element("remarks"))];
        if (parameter.Values.Count > 0)
        {
            description.Add("Values: " + string.Join(", ", parameter.Values) + ".");
        }

        return new XElement(
            Command + "parameter",
            new XAttribute("required", Text(use.IsMandatory)),
            new XAttribute("variableLength", "true"),
            new XAttribute("globbing", Text(parameter.TakesWildcards)),
            new XAttribute("pipelineInput", use.Pipeline),
            new XAttribute("position", use.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            Paragraphs(Maml + "description", description),
            // A switch shows no value in the syntax.
            inSyntax && parameter.IsSwitch ? null : Value(parameter, use),
            inSyntax && parameter.Values.Count > 0 ? new XElement(Command + "parameterValueGroup", parameter.Values.Select(v => Accepted(v))) : null,
            Type(parameter.TypeName),
            new XElement(Dev + "defaultValue", parameter.IsSwitch ? "False" : "None"));
    }

    private static XElement Value(ParameterHelp parameter, ParameterUse use) => new(
        Command + "parameterValue",
        new XAttribute("required", Text(!parameter.IsSwitch || use.IsMandatory)),
        new XAttribute("variableLength", "false"),
        parameter.ShortTypeName);

    private static XElement Accepted(string value) =>
        new(Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), value);

    private XElement Example(XElement example, int number)
    {
        string title = example.Element("title")?.Value.Trim() is { Length: > 0 } own ? ": " + own : "";
        XElement rest = new(example);
        XElement? code = rest.Element("code");
        rest.Element("title")?.Remove();
        code?.Remove();
        return new XElement(
            Command + "example",
            new XElement(Maml + "title", $"-------------------------- Example {number}{title} --------------------------"),
            new XElement(Maml + "introduction", new XElement(Maml + "para", "PS> ")),
            new XElement(Dev + "code", code is null ? "" : DocumentationText.Code(code)),
            Paragraphs(Dev + "remarks", text.Paragraphs(rest)));
    }

    private IEnumerable<XElement> Links(CmdletHelp cmdlet)
    {
        // Get-Help -Online takes the first link that has an address.
        IEnumerable<(string Text, string Uri)> online = cmdlet.HelpUri.Length > 0 ? [("Online version", cmdlet.HelpUri)] : [];
        IEnumerable<(string Text, string Uri)> own = Elements(cmdlet, "seealso").Select(Link);
        return online.Concat(own).Select(l => new XElement(Maml + "navigationLink", new XElement(Maml + "linkText", l.Text), new XElement(Maml + "uri", l.Uri)));
    }

    private (string Text, string Uri) Link(XElement element)
    {
        string? cref = (string?)element.Attribute("cref");
        string href = (string?)element.Attribute("href") ?? "";
        string words = element.Value.Trim();
        return cref is null ? (words.Length > 0 ? words : href, href) : (words.Length > 0 ? words : text.Member(cref), "");
    }

    private static IEnumerable<string> Sets(CmdletHelp cmdlet)
    {
        List<string> sets = [.. cmdlet.Parameters.SelectMany(p => p.Uses).Select(u => u.Set).Where(s => s != ParameterUse.AllSets).Distinct()];
        return sets.Count == 0 ? [ParameterUse.AllSets] : sets.OrderByDescending(s => s == cmdlet.DefaultParameterSet);
    }

    private static IEnumerable<string> Inputs(CmdletHelp cmdlet)
    {
        List<string> types = [.. cmdlet.Parameters.Where(p => p.Uses.Any(u => u.ByValue || u.ByPropertyName)).Select(p => p.TypeName).Distinct()];
        return types.Count == 0 ? ["None"] : types;
    }

    private static IEnumerable<string> Outputs(CmdletHelp cmdlet) => cmdlet.Outputs.Count == 0 ? ["None"] : cmdlet.Outputs;

    private static IEnumerable<XElement> Elements(CmdletHelp cmdlet, string name) => cmdlet.Documentation?.Elements(name) ?? [];

    private static XElement Type(string name) => new(Dev + "type", new XElement(Maml + "name", name), new XElement(Maml + "uri"));

    private static XElement Paragraphs(XName name, IReadOnlyList<string> paragraphs) =>
        new(name, paragraphs.DefaultIfEmpty("").Select(p => new XElement(Maml + "para", p)));

    private static string Text(bool value) => value ? "true" : "false";
}
