namespace KeyManager.Challenges;

/// <summary>One thing that was found before an authority looks. Advice: nothing is ever stopped by it.</summary>
/// <param name="Check">What was looked at: Caa, Dnssec, Delegation, Port80, DnsAccount, PersistRecord.</param>
/// <param name="Subject">The name that it is about.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What was found.</param>
/// <param name="Remedy">What to do; empty where nothing has to be done.</param>
public sealed record PreflightFinding(string Check, string Subject, PreflightSeverity Severity, string Message, string Remedy = "")
{
    public override string ToString() => Remedy.Length == 0 ? $"{Check}, {Subject}: {Message}" : $"{Check}, {Subject}: {Message} {Remedy}";
}
