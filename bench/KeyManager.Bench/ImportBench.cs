using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Bench;

/// <summary>What Import-Module adds to an empty PowerShell. Empty, ours and the rival take turns, so that whatever else happens meets all alike.</summary>
internal static class ImportBench
{
    private const double Bar = 150;

    public static void Run(int runs, string? rival)
    {
        Report.Begin($"import: Import-Module, {runs} runs in turns with an empty pwsh -NoProfile");
        if (!PowerShell.IsHere)
        {
            Report.Skip("Import-Module", "pwsh is not on the PATH");
            return;
        }

        Dictionary<string, string> commands = new() { ["empty"] = "$null", ["KeyManager"] = $"Import-Module '{PowerShell.Manifest}'" };
        if (rival is not null && CanImport(rival))
        {
            commands[rival] = $"Import-Module '{rival}'";
        }

        Dictionary<string, List<(double Elapsed, double Processor)>> times = commands.Keys.ToDictionary(name => name, _ => new List<(double, double)>());
        for (int run = -1; run < runs; run++)
        {
            foreach ((string name, string command) in commands)
            {
                (double, double) time = PowerShell.Time(command);
                if (run >= 0)
                {
                    // The first round only warms the disk.
                    times[name].Add(time);
                }
            }
        }

        double[] Added(string name, Func<(double Elapsed, double Processor), double> of) => [.. times[name].Zip(times["empty"], (with, without) => of(with) - of(without))];
        Report.Add("pwsh -NoProfile, empty", times["empty"].Select(t => t.Elapsed), "ms");
        foreach (string name in commands.Keys.Where(name => name != "empty"))
        {
            Report.Add($"{name} adds", Added(name, t => t.Elapsed), "ms", name == "KeyManager" ? Bar : null);
            Report.Add($"{name} adds, processor time", Added(name, t => t.Processor), "ms");
        }

        if (rival is not null && commands.ContainsKey(rival))
        {
            Report.Add($"{rival} adds, times what KeyManager adds", Added(rival, t => t.Elapsed).Zip(Added("KeyManager", t => t.Elapsed), (theirs, ours) => theirs / ours), "x");
        }
        else if (rival is not null)
        {
            Report.Skip(rival, "it cannot be imported here");
        }
    }

    private static bool CanImport(string module)
    {
        try
        {
            _ = PowerShell.Time($"Import-Module '{module}' -ErrorAction Stop");
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
