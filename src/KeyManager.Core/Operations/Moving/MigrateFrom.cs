using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.Moving;

namespace KeyManager.Operations;

/// <summary>
/// Takes over what another program manages: accounts, credentials of DNS services, certificates with their keys, and how they are renewed. Its files are only read. Doing it
/// again changes only what was not taken over yet.
/// </summary>
public sealed class MigrateFrom(KeyManagerPorts ports)
{
    private const string Activity = "Taking over certificates";

    /// <summary>Where the data of the program is looked for.</summary>
    /// <exception cref="NotFoundException">KmForeignToolNotFound; KmForeignDataNotFound: it keeps nothing there.</exception>
    public string Locate(string tool, string? folder)
    {
        ForeignToolDescription about = ports.ForeignTools.Get(tool).Description;
        return folder is not null
            ? Directory.Exists(folder) ? folder : throw Missing(about, $"There is no folder '{folder}'.")
            : about.Folders.FirstOrDefault(Directory.Exists) ?? throw Missing(about, $"{about} keeps nothing on this machine; looked at {string.Join(", ", about.Folders)}.");
    }

    /// <summary>Says line by line what <see cref="RunAsync"/> would do. Asks nobody and stores nothing.</summary>
    /// <exception cref="NotFoundException">KmForeignToolNotFound, KmForeignDataNotFound.</exception>
    public IReadOnlyList<MigrationResult> Plan(MigrationOptions options)
    {
        (IForeignTool tool, string folder) = Open(options);
        using ForeignState state = tool.Read(folder);
        MigrationPlan plan = new(ports, tool.Description.Name, Guard.NotNull(options));
        List<ForeignCertificate> wanted = Wanted(state, options);
        return
        [
            .. AccountsOf(state, wanted).Select(plan.OfAccount),
            .. wanted.Select(c => c.Renewal?.DnsAccount).OfType<ForeignDnsAccount>().GroupBy(d => d.Name).Select(g => plan.OfDnsAccount(g.First())),
            .. wanted.SelectMany(c => plan.OfCertificate(c, state.Accounts.Any(a => a.Id == c.Renewal?.AccountId))),
            .. Remarks(plan.Lines, state, wanted, options),
            plan.Lines.OfTask(tool.Description, folder),
        ];
    }

    /// <summary>Takes over, one after the other; what fails is a line with the reason, and the others go on.</summary>
    /// <param name="options">What.</param>
    /// <param name="take">Takes the lines as they come.</param>
    /// <param name="reporter">For steps and warnings.</param>
    /// <param name="cancellationToken">Stops it; what was taken over stays.</param>
    /// <exception cref="NotFoundException">KmForeignToolNotFound, KmForeignDataNotFound.</exception>
    /// <exception cref="StoreException">KmStoreLocked: keys cannot be stored.</exception>
    public async Task RunAsync(MigrationOptions options, Func<MigrationResult, Task> take, IReporter reporter, CancellationToken cancellationToken)
    {
        Guard.NotNull(take);
        (IForeignTool tool, string folder) = Open(options);
        using ForeignState state = tool.Read(folder);
        MigrationRun run = new(ports, tool.Description.Name, options, reporter);
        List<ForeignCertificate> wanted = Wanted(state, options);
        try
        {
            foreach (ForeignAccount account in AccountsOf(state, wanted))
            {
                reporter.Progress(new ProgressReport(Activity, account.Name));
                await take(await run.TakeAsync(account, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            }

            int done = 0;
            foreach (ForeignCertificate certificate in wanted)
            {
                cancellationToken.ThrowIfCancellationRequested();
                reporter.Progress(new ProgressReport(Activity, certificate.Name, PercentComplete: done++ * 100 / wanted.Count));
                foreach (MigrationResult result in run.Take(certificate))
                {
                    await take(result).ConfigureAwait(false);
                }
            }

            foreach (MigrationResult remark in Remarks(run.Lines, state, wanted, options).Concat([run.Lines.OfTask(tool.Description, folder)]))
            {
                await take(remark).ConfigureAwait(false);
            }
        }
        finally
        {
            reporter.Progress(new ProgressReport(Activity, "Done", Completed: true));
        }
    }

    private (IForeignTool Tool, string Folder) Open(MigrationOptions options)
    {
        string folder = Locate(Guard.NotNull(options).Tool, options.Folder);
        return (ports.ForeignTools.Get(options.Tool), folder);
    }

    private static List<ForeignCertificate> Wanted(ForeignState state, MigrationOptions options)
    {
        List<ForeignCertificate> wanted = [.. state.Certificates.Where(c => options.Names.Count == 0 || options.Names.Any(p => Wildcard.Fits(p, c.Name)))];
        return wanted.Count > 0 || options.Names.Count == 0 ? wanted : throw new NotFoundException(ErrorIds.ForeignDataNotFound, $"{options.Tool} has no certificate '{string.Join("', '", options.Names)}'.")
        {
            Target = options.Names[0],
            Remedy = state.Certificates.Count == 0 ? "It has none at all." : $"It has {string.Join(", ", state.Certificates.Select(c => c.Name).Take(20))}.",
        };
    }

    /// <summary>Those that the chosen certificates need: no authority is asked about others.</summary>
    private static IEnumerable<ForeignAccount> AccountsOf(ForeignState state, List<ForeignCertificate> wanted) => state.Accounts.Where(a => wanted.Any(c => c.Renewal?.AccountId == a.Id));

    /// <summary>What is in the way, and what people have to do, of the chosen certificates and of the program as a whole.</summary>
    private static IEnumerable<MigrationResult> Remarks(MigrationLines lines, ForeignState state, List<ForeignCertificate> wanted, MigrationOptions options) =>
        state.Remarks.Where(r => options.Names.Count == 0 || !r.IsProblem || options.Names.Any(p => Wildcard.Fits(p, r.Name)))
            .Concat(wanted.SelectMany(c => c.Renewal?.Hooks ?? [])).Distinct().Select(lines.OfRemark)
            .Concat(options.Names.Count > 0 ? [] : state.Accounts.Where(a => !state.Certificates.Any(c => c.Renewal?.AccountId == a.Id)).Select(lines.OfUnused));

    private static NotFoundException Missing(ForeignToolDescription about, string message) => new(ErrorIds.ForeignDataNotFound, message) { Target = about.Name, Remedy = "Name its folder with -Path." };
}
