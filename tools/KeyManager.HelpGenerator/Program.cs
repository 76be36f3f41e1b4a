using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace KeyManager.HelpGenerator;

/// <summary>
/// Usage: KeyManager.HelpGenerator &lt;assembly with cmdlets&gt; &lt;help file to write&gt; &lt;reference&gt;...
/// Ends with 1, and errors as MSBuild shows them, when a cmdlet or a parameter is not described.
/// </summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        if (args.Length < 2)
        {
            Console.Error.WriteLine("Usage: KeyManager.HelpGenerator <assembly> <help file> <reference>...");
            return 2;
        }

        return Generate(args[0], args[1], args[2..], Console.Out);
    }

    internal static int Generate(string assembly, string output, IReadOnlyCollection<string> references, TextWriter log)
    {
        using CmdletReader reader = new(assembly, references);
        IReadOnlyList<CmdletHelp> cmdlets = reader.Read();
        List<string> problems = [.. cmdlets.SelectMany(HelpChecker.Problems)];
        foreach (string problem in problems)
        {
            log.WriteLine($"{Path.GetFileName(assembly)} : error KMHELP: {problem}");
        }

        if (problems.Count > 0)
        {
            // An old file would let the next build believe that all is well.
            File.Delete(output);
            return 1;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output)) ?? ".");
        new MamlWriter(new DocumentationText(reader.Names())).Write(cmdlets).Save(output);
        log.WriteLine($"Help of {cmdlets.Count} cmdlets: {output}");
        return 0;
    }
}
