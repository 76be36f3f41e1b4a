using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using KeyManager.PowerShell;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Conventions;

/// <summary>The borders inside the house. A failure names the file and the border.</summary>
public sealed partial class ArchitectureTests
{
    [Fact]
    public void Core_references_nothing_but_the_framework() =>
        Assert.Equal(["netstandard"], typeof(KeySpec).Assembly.GetReferencedAssemblies().Select(a => a.Name));

    [Fact]
    public void Providers_do_not_know_PowerShell() => Assert.DoesNotContain(
        References("KeyManager.Providers"),
        name => name is "System.Management.Automation" or "KeyManager.PowerShell");

    // Beside the manifest lie only Core and the cmdlets. System.Memory comes in unnoticed: array.SequenceEqual(...) means its extension method
    // since C# 14; write Enumerable.SequenceEqual(...).
    [Fact]
    public void The_cmdlets_reference_no_third_party() => Assert.All(
        typeof(KmCmdlet).Assembly.GetReferencedAssemblies(),
        a => Assert.Contains(a.Name, new[] { "netstandard", "System.Management.Automation", "KeyManager.Core", "KeyManager.Providers" }));

    [Fact]
    public void One_file_of_the_cmdlets_names_the_providers()
    {
        IEnumerable<string> files = Repository.Sources("src", "KeyManager.PowerShell")
            .Where(f => NamesProviders().IsMatch(CodeOf(f)))
            .Select(f => Path.GetFileName(f)!);

        // Nobody else: KeyManager.Providers lives in a load context of its own, and one door into it is enough.
        Assert.Empty(files.Except(["CompositionRoot.cs"]));
    }

    [Fact]
    public void Core_names_neither_providers_nor_PowerShell() => Assert.Empty(
        Repository.Sources("src", "KeyManager.Core").Where(f => ForeignToCore().IsMatch(CodeOf(f))).Select(f => Path.GetRelativePath(Repository.Root, f)));

    [Theory]
    [InlineData("Authorities")]
    [InlineData("Dns/Services")] // the services share what lies in Dns/ itself
    [InlineData("Deployments")]
    [InlineData("Keystores")]
    public void Providers_do_not_know_each_other(string area)
    {
        string[] path = area.Split('/');
        string root = Repository.File(["src", "KeyManager.Providers", .. path]);
        List<string> names = Directory.Exists(root) ? [.. Directory.GetDirectories(root).Select(d => Path.GetFileName(d)!)] : [];
        IEnumerable<string> wrong =
            from owner in names
            from file in Repository.Sources(["src", "KeyManager.Providers", .. path, owner])
            from other in names
            where other != owner && Regex.IsMatch(CodeOf(file), $@"\bKeyManager\.Providers\.{string.Join(@"\.", path)}\.{Regex.Escape(other)}\b")
            select $"{Path.GetRelativePath(Repository.Root, file)} uses {area}.{other}; what two need goes to Http/ or into Core.";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_public_type_says_what_it_is_for()
    {
        IEnumerable<string> silent =
            from file in Repository.Sources("src")
            where !file.Contains($"{Path.DirectorySeparatorChar}Reference{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            from Match type in PublicType().Matches(File.ReadAllText(file))
            where !type.Groups["doc"].Value.Contains("<summary>", StringComparison.Ordinal) && !type.Groups["doc"].Value.Contains("<inheritdoc", StringComparison.Ordinal)
            select $"{Path.GetRelativePath(Repository.Root, file)}: {type.Groups["name"].Value} has no <summary>.";

        Assert.Empty(silent);
    }

    [Fact]
    public void The_double_of_PowerShell_is_what_runs_here_and_not_the_hollow_reference()
    {
        Assembly automation = typeof(System.Management.Automation.PSCmdlet).Assembly;

        Assert.Equal("System.Management.Automation.Driven", automation.GetType("System.Management.Automation.Driven")?.FullName);
        Assert.Equal("31bf3856ad364e35", Convert.ToHexStringLower(automation.GetName().GetPublicKeyToken()!));
    }

    private static IEnumerable<string?> References(string assembly) =>
        Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")).GetReferencedAssemblies().Select(a => a.Name);

    // Comments may name whatever they explain.
    private static string CodeOf(string file) => Comment().Replace(File.ReadAllText(file), "");

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(using|global::|\bnew|\bvar|[(<\s=])\s*KeyManager\.Providers\b")]
    private static partial Regex NamesProviders();

    [GeneratedRegex(@"\bKeyManager\.(Providers|PowerShell|Commands)\b|System\.Management\.Automation")]
    private static partial Regex ForeignToCore();

    [GeneratedRegex(@"(?<doc>(?:^[ \t]*///[^\n]*\n)*)(?:^[ \t]*\[[^\n]*\]\s*\n)*^(?:    )?public (?:(?:static|sealed|abstract|readonly|partial|ref) )*(?:class|interface|enum|record struct|record class|record|struct) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
