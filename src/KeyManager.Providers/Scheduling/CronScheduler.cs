using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Files;
using KeyManager.Scheduling;

namespace KeyManager.Providers.Scheduling;

/// <summary>The crontab of the user. What a task says is mailed by cron, or goes to the log of the system where logger is.</summary>
internal sealed class CronScheduler(HostEnvironment host, Programs programs) : IRenewalScheduler
{
    private const string Mark = "# KeyManager renewal task ";

    public RenewalScheduler Kind => RenewalScheduler.Cron;

    public string? WhyNot() => host.IsWindows ? "Windows has no cron" : programs.Find("crontab") is null ? "there is no crontab" : null;

    public IReadOnlyList<KeyValuePair<string, string>> Describe(RenewalTask task)
    {
        string hours = task.IntervalHours == 24 ? FormattableString.Invariant($"{task.At.Hours}") : FormattableString.Invariant($"{task.At.Hours % task.IntervalHours}-23/{task.IntervalHours}");
        string command = $"{Quote(task.Program)} -NoProfile -NonInteractive -Command {Quote(task.Script)}";
        if (programs.Find("logger") is string logger)
        {
            command += $" 2>&1 | {Quote(logger)} -t keymanager";
        }

        // cron takes % for a line end.
        return [new("crontab", FormattableString.Invariant($"{Mark}{task.Name}\n{task.At.Minutes} {hours} * * * {command.Replace("%", "\\%")}\n"))];
    }

    public Task<string?> WhyCannotReadAsync(string userName, IReadOnlyList<string> files, CancellationToken cancellationToken) =>
        Task.FromResult<string?>("a crontab belongs to the user who makes it; run the command as that user");

    public async Task<RenewalTask> RegisterAsync(RenewalTask task, char[]? password, CancellationToken cancellationToken)
    {
        List<string> lines = Without(await ReadAsync(cancellationToken).ConfigureAwait(false), task.Name);
        string text = Describe(task)[0].Value;
        await WriteAsync(task, string.Concat(lines.Select(l => l + "\n")) + text, cancellationToken).ConfigureAwait(false);
        return task with { Files = ["crontab"] };
    }

    public async Task<IReadOnlyList<RenewalTask>> ListAsync(CancellationToken cancellationToken)
    {
        string[] lines = await ReadAsync(cancellationToken).ConfigureAwait(false);
        List<RenewalTask> tasks = [];
        for (int i = 0; i + 1 < lines.Length; i++)
        {
            if (lines[i].StartsWith(Mark, StringComparison.Ordinal))
            {
                tasks.Add(Read(lines[i].Substring(Mark.Length).Trim(), lines[i + 1]));
            }
        }

        return tasks;
    }

    public async Task RemoveAsync(RenewalTask task, CancellationToken cancellationToken)
    {
        List<string> lines = Without(await ReadAsync(cancellationToken).ConfigureAwait(false), task.Name);
        await WriteAsync(task, string.Concat(lines.Select(l => l + "\n")), cancellationToken).ConfigureAwait(false);
    }

    // sh: nothing is special within single quotes but the single quote.
    internal static string Quote(string text) => "'" + text.Replace("'", "'\\''") + "'";

    private static RenewalTask Read(string name, string line)
    {
        Match when = Regex.Match(line, @"^(\d+) (\d+)(?:-23/(\d+))? ");
        Match command = Regex.Match(line, @"'((?:[^']|'\\'')*)' -NoProfile -NonInteractive -Command '((?:[^']|'\\'')*)'");
        return new RenewalTask
        {
            Name = name,
            Scheduler = RenewalScheduler.Cron,
            At = when.Success ? new TimeSpan(int.Parse(when.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture), int.Parse(when.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), 0) : default,
            IntervalHours = when.Groups[3].Success ? int.Parse(when.Groups[3].Value, System.Globalization.CultureInfo.InvariantCulture) : 24,
            Program = Unquote(command.Groups[1].Value),
            Script = Unquote(command.Groups[2].Value),
            Files = ["crontab"],
        };
    }

    private static string Unquote(string text) => text.Replace("'\\''", "'").Replace("\\%", "%");

    private static List<string> Without(string[] lines, string name)
    {
        List<string> kept = [];
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] == Mark + name)
            {
                i++; // and the line that it marks
            }
            else
            {
                kept.Add(lines[i]);
            }
        }

        return kept;
    }

    private async Task<string[]> ReadAsync(CancellationToken cancellationToken)
    {
        // A user without a crontab is no failure; then it says so and ends with 1.
        (int status, string output, _) = await programs.RunAsync("crontab", ["-l"], null, cancellationToken).ConfigureAwait(false);
        return status == 0 && output.Trim().Length > 0 ? output.TrimEnd('\n').Split('\n') : [];
    }

    private async Task WriteAsync(RenewalTask task, string text, CancellationToken cancellationToken)
    {
        (int status, _, string error) = await programs.RunAsync("crontab", ["-"], text, cancellationToken).ConfigureAwait(false);
        if (status != 0)
        {
            throw new DeploymentException(ErrorIds.TaskNotRegistered, $"cron refused the task {task.Name}: {error}") { Target = task.Name, Remedy = "Look at /etc/cron.allow and /etc/cron.deny." };
        }
    }
}
