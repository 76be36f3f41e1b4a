using System.Collections.Generic;
using KeyManager.Challenges;
using KeyManager.Hosting;

namespace KeyManager.PowerShell;

/// <summary>How findings are told: what may stand in the way as a warning, the rest with -Verbose.</summary>
internal static class Advice
{
    public static void Tell(IReporter reporter, IReadOnlyList<PreflightFinding> findings)
    {
        foreach (PreflightFinding finding in findings)
        {
            if (finding.Severity == PreflightSeverity.Information)
            {
                reporter.Verbose(finding.ToString());
            }
            else
            {
                reporter.Warn(finding.ToString());
            }
        }
    }
}
