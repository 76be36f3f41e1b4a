using System.Collections.Generic;
using System.Linq;
using System.Threading;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Writes chosen parts of the store into one file that is protected by itself.</summary>
public sealed class ExportParts(KeyManagerPorts ports)
{
    private const string Activity = "Export parts of the store";

    /// <summary>Writes them: the whole file or none. Answers how many things it holds.</summary>
    /// <param name="path">Full path; nothing may be there.</param>
    /// <param name="protectors">What protects the file; one at least.</param>
    /// <param name="options">What is taken.</param>
    /// <param name="reporter">For progress, and for what does not go along.</param>
    /// <param name="cancellationToken">Stops; nothing is left then.</param>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: no protector, or nothing to export.</exception>
    /// <exception cref="ConflictException">KmFileExists, KmAdministratorRequired.</exception>
    public int Run(string path, IReadOnlyList<KeyProtectorRequest> protectors, TransferOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        Guard.NotNull(options);
        Guard.NotNull(reporter);
        if (Guard.NotNull(protectors).Count == 0)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "The file needs a protector of its own.") { Target = path, Remedy = "Give -Passphrase or -KeyFilePath." };
        }

        if (options.Takes(StorePart.Accounts) || options.Takes(StorePart.DeployTargets))
        {
            AdministratorRule.Check(ports, "export accounts and targets");
        }

        int count = 0;
        using INewParts file = Guard.NotNull(ports.Parts).Create(path, protectors);
        foreach (PartItem item in new TransferParts(ports.Store, file.Store, options with { IsExport = true }).Items())
        {
            cancellationToken.ThrowIfCancellationRequested();
            reporter.Progress(new ProgressReport(Activity, item.ToString()));
            StoreTransfer taken = item.Take();
            count += taken.Outcome == TransferOutcome.Failed ? 0 : 1;
            if (taken.Reason is string reason)
            {
                reporter.Warn($"{item.Part} {item.Name}: {reason}");
            }
        }

        if (count == 0)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "There is nothing to export.") { Target = path, Remedy = "Look at -Part, -Name and -Certificate." };
        }

        file.Complete();
        reporter.Progress(new ProgressReport(Activity, "", 100, Completed: true));
        ports.Store.Write(session => session.Audit.Append(new AuditEntry("Store", "PartsExported", Detail: $"{count} things to {path}, protected by {string.Join(", ", protectors.Select(p => p.Kind))}")));
        return count;
    }
}
