using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Xml.Linq;
using KeyManager.HelpGenerator;
using KeyManager.PowerShell;
using KeyManager.TestCmdlets;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class HelpGeneratorTests : IDisposable
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_cmdlet_gets_all_that_its_comments_say()
    {
        XElement help = Help("Get-KmTestNumber");

        Assert.Equal("Counts, and tells about it.", help.Element(Command + "details")!.Element(Maml + "description")!.Value);
        Assert.Equal(["Writes the numbers from 1 to Count.", "Speaks on every stream before each number."], help.Element(Maml + "description")!.Elements().Select(p => p.Value));
        Assert.Equal("Get-KmTestNumber -Count 3 |\n    Measure-Object", help.Descendants(Dev + "code").Single().Value);
        Assert.Equal("Counts to three.", help.Descendants(Dev + "remarks").Single().Value);
        Assert.Equal(["Wait-KmTest", "The web"], help.Descendants(Maml + "linkText").Select(l => l.Value));
        Assert.Equal("System.Int32", help.Descendants(Command + "returnValue").Single().Descendants(Maml + "name").Single().Value);
    }

    [Fact]
    public void A_parameter_gets_position_aliases_and_values()
    {
        XElement help = Help("Get-KmTestNumber");

        XElement count = Parameter(help, "Count");
        Assert.Equal(("0", "To", "false"), (count.Attribute("position")!.Value, count.Attribute("aliases")!.Value, count.Attribute("required")!.Value));
        Assert.Contains("Values: Rsa, Ecdsa, Ed25519.", Parameter(help, "Algorithm").Element(Maml + "description")!.Value, StringComparison.Ordinal);
        Assert.StartsWith("Path of the store", Parameter(help, "StorePath").Element(Maml + "description")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameter_sets_become_syntax_lines_the_default_first()
    {
        XElement help = Help("Resolve-KmTestPath");

        Assert.Equal(
            [["Path", "StorePath"], ["Existing", "StorePath"]],
            help.Element(Command + "syntax")!.Elements().Select(s => s.Elements(Command + "parameter").Select(p => p.Element(Maml + "name")!.Value).ToArray()));
    }

    [Fact]
    public void A_cmdlet_that_asks_shows_WhatIf_and_Confirm()
    {
        XElement help = Help("Remove-KmTestThing");

        Assert.NotNull(Parameter(help, "WhatIf"));
        Assert.Equal("True (ByPropertyName, ByValue)", Parameter(help, "Name").Attribute("pipelineInput")!.Value);
        Assert.Equal("true", Parameter(help, "Name").Attribute("globbing")!.Value);
    }

    [Fact]
    public void Whatever_is_not_described_fails_the_build()
    {
        // Without the comment files nothing is described.
        string copy = _folder.File("KeyManager.TestCmdlets.dll");
        File.Copy(typeof(GetKmTestNumberCommand).Assembly.Location, copy);
        StringWriter log = new();

        int exit = Program.Generate(copy, _folder.File("help.xml"), [typeof(PSCmdlet).Assembly.Location, typeof(KmCmdlet).Assembly.Location, typeof(KeySpec).Assembly.Location], log);

        Assert.Equal(1, exit);
        Assert.Contains("error KMHELP: Get-KmTestNumber has no <summary>", log.ToString(), StringComparison.Ordinal);
        Assert.Contains("Get-KmTestNumber has no <example>", log.ToString(), StringComparison.Ordinal);
        Assert.Contains("Get-KmTestNumber -Count has no <summary>", log.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("help.xml")));
    }

    private XElement Help(string cmdlet)
    {
        string output = _folder.File("help.xml");
        // Comment files lie beside the projects' own output, not beside the tests.
        string[] references =
        [
            Repository.File("src", "KeyManager.PowerShell", "bin", Configuration, "netstandard2.0", "KeyManager.PowerShell.dll"),
            Repository.File("src", "KeyManager.Core", "bin", Configuration, "netstandard2.0", "KeyManager.Core.dll"),
            typeof(PSCmdlet).Assembly.Location,
        ];
        string assembly = Repository.File("tests", "TestCmdlets", "bin", Configuration, "netstandard2.0", "KeyManager.TestCmdlets.dll");
        StringWriter log = new();
        Assert.True(Program.Generate(assembly, output, references, log) == 0, log.ToString());
        return XDocument.Load(output).Root!.Elements().Single(c => c.Element(Command + "details")!.Element(Command + "name")!.Value == cmdlet);
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static XElement Parameter(XElement help, string name) =>
        help.Element(Command + "parameters")!.Elements().Single(p => p.Element(Maml + "name")!.Value == name);
}
