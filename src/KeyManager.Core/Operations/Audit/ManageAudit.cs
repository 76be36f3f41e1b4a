using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using KeyManager.Files;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Exports, purges and checks the audit trail.</summary>
public sealed class ManageAudit(KeyManagerPorts ports)
{
    /// <summary>A purge leaves at least so much.</summary>
    public const int FewestDaysKept = 30;

    private static readonly string Version =
        typeof(ManageAudit).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>The lines as text, oldest first, a header before them where the form has one.</summary>
    public IEnumerable<string> Export(AuditFormat format, string? category, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (AuditText.Header(format) is string header)
        {
            yield return header;
        }

        foreach (AuditEvent line in Lines(category, from, to))
        {
            yield return AuditText.Line(format, line, Version);
        }
    }

    /// <summary>Writes the lines into a file: whole or not at all. Answers how many.</summary>
    /// <exception cref="ConflictException">KmFileExists.</exception>
    /// <exception cref="DeploymentException">KmFileNotWritable.</exception>
    public long ExportTo(string path, AuditFormat format, string? category, DateTimeOffset? from, DateTimeOffset? to, bool overwrite, CancellationToken cancellationToken)
    {
        long count = format == AuditFormat.Csv ? -1 : 0;
        WholeFile.Write(path, overwrite, writer =>
        {
            foreach (string line in Export(format, category, from, to))
            {
                cancellationToken.ThrowIfCancellationRequested();
                writer.Write(line);
                writer.Write('\n');
                count++;
            }
        });

        ports.Store.Write(session => session.Audit.Append(new AuditEntry("Audit", "AuditExported", Detail: $"{count} lines as {format} to {path}")));
        return count;
    }

    /// <summary>
    /// Removes the lines before a moment, from the beginning on. A checkpoint with the hash of the last one stands in their place, and a line at the end of the trail
    /// says so with the same hash; what is left stays provable. Answers how many went.
    /// </summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: it would take lines of the last 30 days.</exception>
    public long Purge(DateTimeOffset before)
    {
        if (before > ports.Clock.UtcNow.AddDays(-FewestDaysKept))
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"Lines of the last {FewestDaysKept} days cannot be removed from the audit trail.")
            {
                Target = before,
                Remedy = $"Name a day that is at least {FewestDaysKept} days ago. To keep a copy: Export-KmAuditEvent.",
            };
        }

        return ports.Store.Write(session => Purge(session, before));
    }

    /// <summary>Everything that is wrong with the trail; empty when it is whole.</summary>
    public IReadOnlyList<string> FindProblems() => ports.Store.Read(session => session.Audit.FindProblems());

    /// <summary>Keeps to the setting AuditKeepDays.</summary>
    internal static void PurgeBySetting(IStoreSession session, DateTimeOffset now)
    {
        int days = StoreSettings.GetNumber(session.Settings, StoreSettings.AuditKeepDays);
        if (days > 0)
        {
            Purge(session, now.AddDays(-Math.Max(days, FewestDaysKept)));
        }
    }

    private static long Purge(IStoreSession session, DateTimeOffset before)
    {
        if (session.Audit.Purge(before) is not AuditCheckpoint cut)
        {
            return 0;
        }

        session.Audit.Append(new AuditEntry("Audit", "AuditPurged", Detail: cut.ToString()));
        return cut.Removed;
    }

    private IEnumerable<AuditEvent> Lines(string? category, DateTimeOffset? from, DateTimeOffset? to)
    {
        long last = 0;
        while (true)
        {
            IReadOnlyList<AuditEvent> page = ports.Store.Read(session => session.Audit.ReadOn(last, category, from, to, 1000));
            foreach (AuditEvent line in page)
            {
                yield return line;
            }

            if (page.Count == 0)
            {
                yield break;
            }

            last = page.Last().Number;
        }
    }
}
