using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Conventions;

/// <summary>What the documents say is so. A failure names the document, and where it can the line that would be right.</summary>
public sealed partial class DocumentationTests
{
    /// <summary>Cmdlets that a document may name as planned; none is called in an example. Take one out when it exists.</summary>
    private static readonly string[] Planned = [];

    private static readonly string[] TextTypes =
        [".cs", ".csproj", ".sln", ".props", ".targets", ".md", ".txt", ".ps1", ".psd1", ".ps1xml", ".json", ".sql", ".editorconfig", ".gitattributes", ".gitignore", ""];

    private static readonly HashSet<string> Cmdlets = [.. Listed("module/KeyManager.psd1", QuotedCmdlet())];

    private static readonly string[] Documents =
        [.. Files().Where(f => f.EndsWith(".md", StringComparison.Ordinal) || f.EndsWith(".help.txt", StringComparison.Ordinal))];

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/cmdlets.md")]
    public void Every_cmdlet_is_in(string document) => Assert.Empty(Cmdlets.Except(Listed(document, TableCmdlet())));

    [Fact]
    public void The_list_of_cmdlets_says_what_the_help_says()
    {
        string[] lines = File.ReadAllLines(Repository.File("docs", "cmdlets.md"));

        Assert.Empty(Synopses().Select(s => (Start: $"| `{s.Name}`", Row: $"| {s.Synopsis} |"))
            .Where(s => !lines.Any(l => l.StartsWith(s.Start, StringComparison.Ordinal) && l.EndsWith(s.Row, StringComparison.Ordinal)))
            .Select(s => $"{s.Start} {s.Row}"));
    }

    [Fact]
    public void Documents_name_only_cmdlets_that_exist() => Assert.Empty(
        from document in Documents
        from Match name in CmdletName().Matches(File.ReadAllText(document))
        where !Cmdlets.Contains(name.Value) && !Planned.Contains(name.Value)
        select $"{Short(document)} names {name.Value}.");

    [Fact]
    public void Every_error_id_is_explained_and_nothing_else()
    {
        string[] ids = [.. typeof(ErrorIds).GetFields().Select(f => (string)f.GetRawConstantValue()!)];

        // The same order too: by area, as in the class.
        Assert.Equal(ids, ErrorEntry().Matches(File.ReadAllText(Repository.File("module", "en-US", "about_KmErrors.help.txt"))).Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void Every_explanation_of_an_error_says_what_to_do()
    {
        string[] entries = ErrorEntry().Split(File.ReadAllText(Repository.File("module", "en-US", "about_KmErrors.help.txt")));

        Assert.All(entries.Skip(1).Where((_, i) => i % 2 == 1), text => Assert.Contains(" Do:", text.ReplaceLineEndings(" "), StringComparison.Ordinal));
    }

    [Fact]
    public void Error_ids_that_a_document_names_exist()
    {
        HashSet<string> ids = [.. typeof(ErrorIds).GetFields().Select(f => (string)f.GetRawConstantValue()!)];

        Assert.Empty(
            from document in Documents
            from Match id in QuotedErrorId().Matches(File.ReadAllText(document))
            where !ids.Contains(id.Groups[1].Value)
            select $"{Short(document)} names {id.Groups[1].Value}.");
    }

    [Fact]
    public void About_topics_have_the_form_that_Windows_PowerShell_reads() => Assert.Empty(
        from topic in Directory.GetFiles(Repository.File("module", "en-US"), "about_*.help.txt")
        from problem in ProblemsOf(topic)
        select $"{Path.GetFileName(topic)}: {problem}");

    [Fact]
    public void Topics_that_a_document_names_exist() => Assert.Empty(
        from document in Documents
        from Match topic in Topic().Matches(File.ReadAllText(document))
        where !File.Exists(Repository.File("module", "en-US", topic.Value + ".help.txt"))
        select $"{Short(document)} names {topic.Value}.");

    [Fact]
    public void Links_between_documents_lead_somewhere() => Assert.Empty(
        from document in Documents
        from Match link in Link().Matches(File.ReadAllText(document))
        let target = link.Groups[1].Value
        where !target.Contains(':', StringComparison.Ordinal) && !LeadsSomewhere(document, target)
        select $"{Short(document)} links to {target}.");

    [Fact]
    public void Files_and_folders_that_a_document_names_exist() => Assert.Empty(
        from document in Documents
        from Match path in RepositoryPath().Matches(File.ReadAllText(document))
        let target = Repository.File(path.Groups[1].Value.Split('/'))
        where !File.Exists(target) && !Directory.Exists(target)
        select $"{Short(document)} names {path.Groups[1].Value}.");

    [Fact]
    public void No_file_names_a_folder_of_the_machine_it_was_written_on() => Assert.Empty(
        from file in Files()
        from Match path in MachinePath().Matches(File.ReadAllText(file))
        select $"{Short(file)} names {path.Value}.");

    [Fact]
    public void Text_ends_with_its_last_line() => Assert.Empty(
        from file in Files()
        let text = File.ReadAllText(file)
        where text.Length > 0 && !text.EndsWith('\n')
        select $"{Short(file)} does not end in a newline.");

    private static IEnumerable<string> ProblemsOf(string topic)
    {
        byte[] bytes = File.ReadAllBytes(topic);
        string[] lines = File.ReadAllLines(topic);
        if (!bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble))
        {
            yield return "5.1 takes it for ANSI without a byte order mark.";
        }

        if (lines[0] != "TOPIC" || lines[1] != "    " + Path.GetFileName(topic).Replace(".help.txt", "", StringComparison.Ordinal) || lines[2].Length > 0 || lines[3] != "SYNOPSIS")
        {
            yield return "the first four lines are TOPIC, its name after four spaces, nothing, SYNOPSIS.";
        }

        foreach (string line in lines.Where(l => l.Length > 80))
        {
            yield return $"longer than 80 characters: {line}";
        }
    }

    private static IEnumerable<(string Name, string Synopsis)> Synopses()
    {
        XNamespace command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
        XNamespace maml = "http://schemas.microsoft.com/maml/2004/10";
        XDocument help = XDocument.Load(Repository.File("module", "en-US", "KeyManager.PowerShell.dll-help.xml"));
        return help.Descendants(command + "details").Select(d => (d.Element(command + "name")!.Value.Trim(), d.Element(maml + "description")!.Value.Trim()));
    }

    private static bool LeadsSomewhere(string document, string target)
    {
        string[] parts = target.Split('#');
        string file = parts[0].Length == 0 ? document : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document)!, parts[0]));
        return parts.Length == 1
            ? File.Exists(file) || Directory.Exists(file)
            : File.Exists(file) && Heading().Matches(File.ReadAllText(file)).Any(m => Anchor(m.Groups[1].Value) == parts[1]);
    }

    // As the hosts of repositories make anchors: lower case, spaces to hyphens, without punctuation.
    private static string Anchor(string heading) => NotInAnchor().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private static IEnumerable<string> Listed(string file, Regex name) => name.Matches(File.ReadAllText(Repository.File(file))).Select(m => m.Groups[1].Value);

    private static string Short(string file) => Path.GetRelativePath(Repository.Root, file);

    /// <summary>The text files of the repository, without what is built.</summary>
    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Repository.Root, "*", SearchOption.AllDirectories)
        .Where(f => !Short(f).Split(Path.DirectorySeparatorChar).Any(p => p is "obj" or "bin" or ".git" or ".vs" or ".idea" or "artifacts" or "TestResults" or "first-certificate"))
        .Where(f => TextTypes.Contains(Path.GetExtension(f)));

    [GeneratedRegex(@"'(\w+-Km\w+)'")]
    private static partial Regex QuotedCmdlet();

    [GeneratedRegex(@"(?<=^\|[^\n]*)`(\w+-Km\w+)`", RegexOptions.Multiline)]
    private static partial Regex TableCmdlet();

    // Not the pattern Verb-KmNoun itself, and no word in front: about_KmStore is a topic.
    [GeneratedRegex(@"(?<![\w-])(?!Verb-)[A-Z][a-z]+-Km[A-Z]\w+")]
    private static partial Regex CmdletName();

    [GeneratedRegex(@"^    (Km\w+)$", RegexOptions.Multiline)]
    private static partial Regex ErrorEntry();

    // KmCmdlet is a class.
    [GeneratedRegex(@"`(Km(?!Cmdlet`)[A-Z][A-Za-z]+)`")]
    private static partial Regex QuotedErrorId();

    [GeneratedRegex(@"\babout_K\w+")]
    private static partial Regex Topic();

    [GeneratedRegex(@"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|tests|docs|module|tools|samples|bench|\.ci)/[\w./-]+)`")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    // Written in two parts, or this file would name them.
    [GeneratedRegex("(?<![\\w.~])/" + "(work|tmp/bash_jobs|tmp/h-)[/\\w-]*|[A-Z]:\\\\" + "Users\\\\")]
    private static partial Regex MachinePath();
}
