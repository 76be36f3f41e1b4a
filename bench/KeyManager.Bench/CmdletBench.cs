using System;
using System.Linq;

namespace KeyManager.Bench;

/// <summary>A cmdlet that only asks the store, in a session that has used it before.</summary>
internal static class CmdletBench
{
    private const double Bar = 20;

    public static void Run(int runs)
    {
        Report.Begin($"cmdlet: warm, in one session, {runs} runs");
        if (!PowerShell.IsHere)
        {
            Report.Skip("Get-KmCertificate", "pwsh is not on the PATH");
            return;
        }

        using TemporaryStore store = new();
        store.Fill(100);
        ILookup<string, double> numbers = PowerShell.RunScript("cmdlet", PowerShell.Manifest, store.Path, FormattableString.Invariant($"{runs}"));
        Report.Add("Get-KmCertificate <name>, first in the session", numbers["first"], "ms");
        Report.Add("Get-KmCertificate <name>", numbers["name"], "ms", Bar);
        Report.Add("Get-KmCertificate, 100 objects", numbers["all"], "ms");
    }
}
