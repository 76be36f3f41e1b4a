using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Files;
using KeyManager.Providers.Files;
using KeyManager.Scheduling;

namespace KeyManager.Providers.Scheduling;

/// <summary>Timers of systemd, of the system or of the user. What a task says goes into the journal.</summary>
internal sealed class SystemdScheduler(HostEnvironment host, Programs programs, IFileWriter files, bool isUser) : IRenewalScheduler
{
    private const string Mark = "# A renewal task of KeyManager; Unregister-KmRenewalTask removes it.";

    public RenewalScheduler Kind => isUser ? RenewalScheduler.SystemdUser : RenewalScheduler.SystemdSystem;

    /// <summary>Where the units are; a test takes another.</summary>
    public string Folder { get; init; } = isUser ? Path.Combine(host.Home, ".config", "systemd", "user") : "/etc/systemd/system";

    /// <summary>Takes the machine for one that has systemd; for tests.</summary>
    public bool Always { get; init; }

    public string? WhyNot() => Always ? null : host.IsWindows || host.IsMacOS ? "this is no Linux"
        : programs.Find("systemctl") is null || !Directory.Exists("/run/systemd/system") ? "systemd does not run here"
        : !isUser && !host.IsRoot ? "timers of the system are made by root"
        : null;

    public IReadOnlyList<KeyValuePair<string, string>> Describe(RenewalTask task)
    {
        string user = isUser || task.UserName is null ? "" : $"User={task.UserName}\n";
        string service = $"""
            {Mark}
            [Unit]
            Description=Renew TLS certificates (KeyManager)
            Wants=network-online.target
            After=network-online.target

            [Service]
            Type=oneshot
            {user}ExecStart={Quote(task.Program)} -NoProfile -NonInteractive -Command {Quote(task.Script)}
            TimeoutStartSec=4h
            SyslogIdentifier=keymanager
            """;
        string timer = $"""
            {Mark}
            [Unit]
            Description=Renew TLS certificates every {task.IntervalHours} hours (KeyManager)

            [Timer]
            OnCalendar=*-*-* {Hours(task)}:{task.At.Minutes:00}:00
            RandomizedDelaySec=10m
            Persistent=true

            [Install]
            WantedBy=timers.target
            """;
        return
        [
            new(Path.Combine(Folder, task.Name + ".service"), Text(service)),
            new(Path.Combine(Folder, task.Name + ".timer"), Text(timer)),
        ];
    }

    public async Task<string?> WhyCannotReadAsync(string userName, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        if (isUser)
        {
            return "a timer of the user runs as the user who makes it; run the command as that user, or use -Scheduler SystemdSystem";
        }

        if (programs.Find("runuser") is not string runuser || !host.IsRoot)
        {
            return null;
        }

        foreach (string path in paths)
        {
            (int status, _, string error) = await programs.RunAsync(runuser, ["-u", userName, "--", "test", "-r", path], null, cancellationToken).ConfigureAwait(false);
            if (status != 0)
            {
                return error.Length > 0 ? error : $"that user cannot read '{path}'";
            }
        }

        return null;
    }

    public async Task<RenewalTask> RegisterAsync(RenewalTask task, char[]? password, CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyValuePair<string, string>> units = Describe(task);
        string? foreign = units.Select(u => u.Key).FirstOrDefault(p => File.Exists(p) && !File.ReadAllText(p).StartsWith(Mark, StringComparison.Ordinal));
        if (foreign is not null)
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.NameAlreadyExists, $"There is a unit '{foreign}' that is not of KeyManager.") { Target = foreign, Remedy = "Choose another -Name." };
        }

        Directory.CreateDirectory(Folder);
        files.WriteAll([.. units.Select(u => new FileContent(u.Key, System.Text.Encoding.UTF8.GetBytes(u.Value), IsPrivate: false))]);
        await ControlAsync(task, cancellationToken, "daemon-reload").ConfigureAwait(false);
        await ControlAsync(task, cancellationToken, "enable", "--now", task.Name + ".timer").ConfigureAwait(false);
        return task with { Files = [.. units.Select(u => u.Key)] };
    }

    public async Task<IReadOnlyList<RenewalTask>> ListAsync(CancellationToken cancellationToken)
    {
        List<RenewalTask> tasks = [];
        foreach (string path in Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*.timer") : [])
        {
            string name = Path.GetFileNameWithoutExtension(path);
            string service = Path.Combine(Folder, name + ".service");
            if (File.ReadAllText(path).StartsWith(Mark, StringComparison.Ordinal) && File.Exists(service))
            {
                tasks.Add(await StateAsync(Read(name, path, service), cancellationToken).ConfigureAwait(false));
            }
        }

        return tasks;
    }

    public async Task RemoveAsync(RenewalTask task, CancellationToken cancellationToken)
    {
        await ControlAsync(task, cancellationToken, "disable", "--now", task.Name + ".timer").ConfigureAwait(false);
        foreach (KeyValuePair<string, string> unit in Describe(task))
        {
            File.Delete(unit.Key);
        }

        await ControlAsync(task, cancellationToken, "daemon-reload").ConfigureAwait(false);
    }

    /// <summary>systemd.service(5): a word in double quotes, with C escapes; $ and % twice, or they would be expanded.</summary>
    internal static string Quote(string text) => "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("$", "$$").Replace("%", "%%") + "\"";

    internal static string Unquote(string text) => text.Replace("%%", "%").Replace("$$", "$").Replace("\\\"", "\"").Replace("\\\\", "\\");

    private static string Hours(RenewalTask task) => task.IntervalHours == 24
        ? task.At.Hours.ToString("00", System.Globalization.CultureInfo.InvariantCulture)
        : FormattableString.Invariant($"{task.At.Hours % task.IntervalHours:00}/{task.IntervalHours}");

    // The source of this program may have been checked out with other line ends.
    private static string Text(string text) => text.Replace("\r\n", "\n") + "\n";

    private RenewalTask Read(string name, string timer, string service)
    {
        string[] when = (Value(timer, "OnCalendar=") ?? "").Split(' ').Last().Split(':');
        string[] hours = when[0].Split('/');
        string command = Value(service, "ExecStart=") ?? "";
        string[] words = command.Split(["\" -NoProfile -NonInteractive -Command \""], StringSplitOptions.None);
        return new RenewalTask
        {
            Name = name,
            Scheduler = Kind,
            UserName = Value(service, "User="),
            At = new TimeSpan(int.TryParse(hours[0], out int hour) ? hour : 0, when.Length > 1 && int.TryParse(when[1], out int minute) ? minute : 0, 0),
            IntervalHours = hours.Length > 1 && int.TryParse(hours[1], out int every) ? every : 24,
            Program = Unquote(words[0].TrimStart('"')),
            Script = words.Length > 1 ? Unquote(words[1].Substring(0, words[1].Length - 1)) : "",
            Files = [service, timer],
        };
    }

    private static string? Value(string path, string key) =>
        File.ReadAllLines(path).Where(l => l.StartsWith(key, StringComparison.Ordinal)).Select(l => l.Substring(key.Length)).FirstOrDefault();

    private async Task<RenewalTask> StateAsync(RenewalTask task, CancellationToken cancellationToken)
    {
        string[] scope = isUser ? ["--user"] : [];
        (int status, string output, _) = await programs.RunAsync("systemctl", [.. scope, "show", task.Name + ".service", "--property=Result", "--property=ExecMainStatus"], null, cancellationToken).ConfigureAwait(false);
        return status == 0 ? task with { LastResult = string.Join(", ", output.Split(['\n'], StringSplitOptions.RemoveEmptyEntries)) } : task;
    }

    private async Task ControlAsync(RenewalTask task, CancellationToken cancellationToken, params string[] arguments)
    {
        string[] scope = isUser ? ["--user"] : [];
        (int status, _, string error) = await programs.RunAsync("systemctl", [.. scope, .. arguments], null, cancellationToken).ConfigureAwait(false);
        if (status != 0)
        {
            throw new DeploymentException(ErrorIds.TaskNotRegistered, $"systemd refused the task {task.Name}: {error}") { Target = task.Name, Remedy = $"Run by hand: systemctl {string.Join(" ", scope.Concat(arguments))}" };
        }
    }
}
