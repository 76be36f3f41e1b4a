using KeyManager.Moving;

namespace KeyManager.Operations;

/// <summary>Words the lines of a move.</summary>
/// <param name="tool">The program.</param>
internal sealed class MigrationLines(string tool)
{
    public MigrationResult New(MigrationKind kind, string name, MigrationOutcome outcome, string detail, string source) =>
        new() { Tool = tool, Kind = kind, Name = name, Outcome = outcome, Detail = DisplayText.Of(detail), Source = source };

    public MigrationResult OfRemark(ForeignRemark remark) =>
        New(remark.Kind, DisplayText.Of(remark.Name), remark.IsProblem ? MigrationOutcome.Failed : MigrationOutcome.ByHand, remark.Detail, remark.Source) with
        {
            Remedy = remark.Remedy,
            ErrorId = remark.IsProblem ? ErrorIds.ForeignDataUnreadable : null,
        };

    public MigrationResult OfError(MigrationKind kind, string name, KeyManagerException error, string source) =>
        New(kind, name, MigrationOutcome.Failed, error.Message, source) with { Remedy = error.Remedy, ErrorId = error.ErrorId };

    public MigrationResult OfUnused(ForeignAccount account) => OfRemark(ForeignRemark.OfUnused(account.Name, account.DirectoryUrl, account.Source)) with { Name = account.Name };

    /// <summary>The last line: two programs that renew the same certificates are one too many.</summary>
    public MigrationResult OfTask(ForeignToolDescription about, string folder) =>
        New(MigrationKind.Task, about.Name, MigrationOutcome.ByHand, $"{about} goes on renewing until it is switched off.", folder) with
        {
            Remedy = $"Prove the renewals (Test-KmRenewal -Rehearse), have them done here (Set-KmCertificateOrder -AutoRenew $true), then switch it off. {about.HowToStop}",
        };
}
