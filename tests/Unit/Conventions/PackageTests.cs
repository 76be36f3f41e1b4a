using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using KeyManager.Tests.Support;
using Newtonsoft.Json.Linq;
using Xunit;

namespace KeyManager.Tests.Conventions;

/// <summary>What is shipped: both archives, packed for the test from what the build has laid out.</summary>
public sealed partial class PackageTests(PackedModule packed) : IClassFixture<PackedModule>
{
    private static readonly string[] Wrapping = ["_rels/.rels", "[Content_Types].xml", "KeyManager.nuspec"];

    private static string Version { get; } = Find("Directory.Build.props", @"<Version>([^<]+)</Version>");

    [Fact]
    public void Both_archives_hold_the_same_files() => Assert.Equal(Content(), Names(packed.Zip).Select(WithoutFolder).Order(StringComparer.Ordinal));

    [Fact]
    public void The_zip_unpacks_into_a_folder_of_PSModulePath() =>
        Assert.All(Names(packed.Zip), name => Assert.StartsWith($"KeyManager/{Version}/", name, StringComparison.Ordinal));

    [Fact]
    public void Every_file_that_the_manifest_names_is_there()
    {
        string manifest = File.ReadAllText(Repository.File("module", "KeyManager.psd1"));

        Assert.Contains("KeyManager.psd1", Content());
        Assert.All(NamedFile().Matches(manifest).Select(m => m.Groups[1].Value), file => Assert.Contains(file, Content()));
    }

    [Fact]
    public void Nothing_else_is_shipped() => Assert.All(Content(), file => Assert.Matches(Expected(), file));

    [Theory]
    [InlineData("LICENSE")]
    [InlineData("THIRD-PARTY-NOTICES.md")]
    [InlineData("en-US/KeyManager.PowerShell.dll-help.xml")]
    [InlineData("en-US/about_KeyManager.help.txt")]
    [InlineData("bin/KeyManager.Isolation.dll")]
    [InlineData("bin/KeyManager.Providers.dll")]
    [InlineData("bin/runtimes/win-x64/native/e_sqlite3.dll")]
    [InlineData("bin/runtimes/linux-x64/native/libe_sqlite3.so")]
    [InlineData("bin/runtimes/osx-arm64/native/libe_sqlite3.dylib")]
    public void Is_shipped(string file) => Assert.Contains(file, Content());

    [Fact]
    public void One_version_everywhere()
    {
        using ZipArchive archive = ZipFile.OpenRead(packed.NuGet);
        XElement metadata = Metadata(archive);

        Assert.Equal("KeyManager", Value(metadata, "id"));
        Assert.Equal(Version, Value(metadata, "version"));
        Assert.Equal(Version, Find("module/KeyManager.psd1", @"ModuleVersion = '([^']+)'"));
        Assert.Equal(Version, Find("CHANGELOG.md", @"(?m)^## \[([0-9.]+)\]"));
        Assert.Equal(Version, AssemblyVersion(archive, "KeyManager.PowerShell.dll"));
        Assert.Equal(Version, AssemblyVersion(archive, "bin/KeyManager.Providers.dll"));
    }

    [Fact]
    public void The_package_says_that_it_is_a_module_and_what_is_in_it()
    {
        using ZipArchive archive = ZipFile.OpenRead(packed.NuGet);
        XElement metadata = Metadata(archive);
        string[] tags = Value(metadata, "tags").Split(' ');

        Assert.Contains("PSModule", tags);
        Assert.Contains("PSEdition_Desktop", tags);
        Assert.Contains("PSCommand_New-KmCertificateOrder", tags);
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Null(metadata.Element(metadata.Name.Namespace + "dependencies"));
        // A part whose name begins with two slashes is none (OPC, ECMA-376-2 §6.2.2): PowerShellGet would not open the package.
        Assert.DoesNotContain("PartName=\"//", Read(archive, "[Content_Types].xml"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_notices_name_every_library_of_others_with_its_version()
    {
        string notices = File.ReadAllText(Repository.File("THIRD-PARTY-NOTICES.md"));
        HashSet<string> libraries =
            [.. ((JObject)JObject.Parse(File.ReadAllText(Repository.File("src", "KeyManager.Module", "obj", "project.assets.json")))["libraries"]!).Properties().Select(p => p.Name)];
        List<string> rows = [.. NoticeRow().Matches(notices).Select(m => $"{m.Groups["package"].Value}/{m.Groups["version"].Value}")];

        Assert.All(
            Content().Where(f => f.StartsWith("bin/", StringComparison.Ordinal) && !f.StartsWith("bin/KeyManager.", StringComparison.Ordinal)),
            file => Assert.Matches($"[`/]{Regex.Escape(Path.GetFileName(file))}`", notices));
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Contains(row, libraries));
    }

    private static string Find(string file, string pattern)
    {
        Match match = Regex.Match(File.ReadAllText(Repository.File(file)), pattern);
        Assert.True(match.Success, $"{file} does not say a version.");
        return match.Groups[1].Value;
    }

    private static List<string> Names(string archive)
    {
        using ZipArchive zip = ZipFile.OpenRead(archive);
        return [.. zip.Entries.Select(e => e.FullName)];
    }

    private static string WithoutFolder(string name) => name[$"KeyManager/{Version}/".Length..];

    private static XElement Metadata(ZipArchive archive) => XDocument.Parse(Read(archive, "KeyManager.nuspec")).Root!.Elements().Single();

    private static string Value(XElement metadata, string name) => metadata.Element(metadata.Name.Namespace + name)!.Value;

    private static string Read(ZipArchive archive, string name)
    {
        using StreamReader reader = new(archive.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static string AssemblyVersion(ZipArchive archive, string name)
    {
        using TemporaryFolder folder = new();
        string file = folder.File("assembly.dll");
        archive.GetEntry(name)!.ExtractToFile(file);
        return AssemblyName.GetAssemblyName(file).Version!.ToString(3);
    }

    /// <summary>What the package brings, without what only wraps it.</summary>
    private List<string> Content() =>
        [.. Names(packed.NuGet).Where(n => !Wrapping.Contains(n) && !n.StartsWith("package/services/metadata/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"'([^'/]+\.(?:dll|ps1xml|psm1))'")]
    private static partial Regex NamedFile();

    [GeneratedRegex(@"^(KeyManager\.psd1|KeyManager\.(Format|Types)\.ps1xml|KeyManager\.(Core|PowerShell)\.dll|KeyManager\.Extension/(KeyManager\.Extension\.ps(d|m)1|Vault\.ps1)|LICENSE|THIRD-PARTY-NOTICES\.md|en-US/(KeyManager\.PowerShell\.dll-help\.xml|about_\w+\.help\.txt)|bin/[\w.]+\.dll|bin/runtimes/[\w-]+/native/(lib)?e_sqlite3\.(dll|so|dylib))$")]
    private static partial Regex Expected();

    [GeneratedRegex(@"(?m)^\| (?<package>[\w.]+) \| (?<version>[\d.]+) \|")]
    private static partial Regex NoticeRow();
}
