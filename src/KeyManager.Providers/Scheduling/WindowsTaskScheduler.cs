using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using System.Xml.Linq;
using KeyManager.Providers.Files;
using KeyManager.Scheduling;

namespace KeyManager.Providers.Scheduling;

/// <summary>Windows Task Scheduler, by its COM interface: so a password stands on no command line. Results are in its history and in the event log of the system.</summary>
internal sealed class WindowsTaskScheduler(HostEnvironment host) : IRenewalScheduler
{
    private const string FolderPath = "\\KeyManager";
    private const string LocalSystem = "S-1-5-18";

    // TASK_CREATE_OR_UPDATE; TASK_LOGON_PASSWORD, _S4U, _SERVICE_ACCOUNT (taskschd.h).
    private const int CreateOrUpdate = 6;
    private const int LogonPassword = 1;
    private const int LogonServiceAccount = 5;

    private static readonly object Nothing = new();

    private static readonly XNamespace Schema = "http://schemas.microsoft.com/windows/2004/02/mit/task";

    public RenewalScheduler Kind => RenewalScheduler.WindowsTask;

    public string? WhyNot() => host.IsWindows ? null : "this is no Windows";

    public IReadOnlyList<KeyValuePair<string, string>> Describe(RenewalTask task)
    {
        bool isSystem = IsSystem(task);
        XElement repetition = new(Schema + "Repetition", new XElement(Schema + "Interval", $"PT{task.IntervalHours}H"), new XElement(Schema + "Duration", "P1D"), new XElement(Schema + "StopAtDurationEnd", false));
        XElement document = new(
            Schema + "Task",
            new XAttribute("version", "1.2"),
            new XElement(
                Schema + "RegistrationInfo",
                new XElement(Schema + "Author", "KeyManager"),
                new XElement(Schema + "Description", "Renews TLS certificates: Invoke-KmRenewal. Unregister-KmRenewalTask removes it.")),
            new XElement(
                Schema + "Triggers",
                new XElement(
                    Schema + "CalendarTrigger",
                    new XElement(Schema + "StartBoundary", "2026-01-01T" + task.At.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture)),
                    task.IntervalHours < 24 ? repetition : null,
                    new XElement(Schema + "RandomDelay", "PT10M"),
                    new XElement(Schema + "ScheduleByDay", new XElement(Schema + "DaysInterval", 1)))),
            new XElement(
                Schema + "Principals",
                new XElement(
                    Schema + "Principal",
                    new XAttribute("id", "Author"),
                    new XElement(Schema + "UserId", isSystem ? LocalSystem : task.UserName),
                    isSystem ? null : new XElement(Schema + "LogonType", "Password"),
                    new XElement(Schema + "RunLevel", "HighestAvailable"))),
            new XElement(
                Schema + "Settings",
                new XElement(Schema + "MultipleInstancesPolicy", "IgnoreNew"),
                new XElement(Schema + "DisallowStartIfOnBatteries", false),
                new XElement(Schema + "StopIfGoingOnBatteries", false),
                new XElement(Schema + "StartWhenAvailable", true),
                new XElement(Schema + "RunOnlyIfNetworkAvailable", true),
                new XElement(Schema + "ExecutionTimeLimit", "PT4H")),
            new XElement(
                Schema + "Actions",
                new XAttribute("Context", "Author"),
                new XElement(
                    Schema + "Exec",
                    new XElement(Schema + "Command", task.Program),
                    new XElement(Schema + "Arguments", $"-NoProfile -NonInteractive -Command \"{task.Script}\""))));
        return [new($"{FolderPath}\\{task.Name}", "<?xml version=\"1.0\"?>\r\n" + document)];
    }

    public Task<string?> WhyCannotReadAsync(string userName, IReadOnlyList<string> files, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task<RenewalTask> RegisterAsync(RenewalTask task, char[]? password, CancellationToken cancellationToken)
    {
        bool isSystem = IsSystem(task);
        if (!isSystem && !task.IsManagedAccount && password is null)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"A task of {task.UserName} needs the password of that user: without it Windows gives a task no access to the user's data protection.")
            {
                Target = task.UserName,
                Remedy = "Use -Credential, a group managed service account (-ManagedAccount), or leave the user out for SYSTEM.",
            };
        }

        KeyValuePair<string, string> text = Describe(task)[0];
        Use(task.Name, root =>
        {
            object folder = GetFolder(root) ?? Call(root, "CreateFolder", FolderPath, Missing.Value);

            // COM takes a BSTR and nothing else: the one place where the password becomes a string.
            object? secret = isSystem || task.IsManagedAccount ? null : new string(password);
            return Call(folder, "RegisterTask", task.Name, text.Value, CreateOrUpdate, isSystem ? LocalSystem : task.UserName, secret, isSystem ? LogonServiceAccount : LogonPassword, Missing.Value);
        });
        return Task.FromResult(task with { Files = [text.Key] });
    }

    public Task<IReadOnlyList<RenewalTask>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(Use<IReadOnlyList<RenewalTask>>("", root =>
    {
        List<RenewalTask> tasks = [];
        if (GetFolder(root) is object folder)
        {
            object all = Call(folder, "GetTasks", 1);
            int count = (int)Get(all, "Count")!;
            for (int i = 1; i <= count; i++)
            {
                tasks.Add(Read(Get(all, "Item", i)!));
            }
        }

        return tasks;
    }));

    public Task RemoveAsync(RenewalTask task, CancellationToken cancellationToken)
    {
        Use(task.Name, root => GetFolder(root) is object folder ? Call(folder, "DeleteTask", task.Name, 0) : Nothing);
        return Task.CompletedTask;
    }

    /// <summary>The task that a document of the scheduler holds.</summary>
    internal static RenewalTask Parse(string name, string xml)
    {
        XElement document = XElement.Parse(xml.TrimStart('\uFEFF'));
        string? Value(string element) => document.Descendants(Schema + element).FirstOrDefault()?.Value;
        string arguments = Value("Arguments") ?? "";
        const string Before = "-NoProfile -NonInteractive -Command \"";
        return new RenewalTask
        {
            Name = name,
            Scheduler = RenewalScheduler.WindowsTask,
            UserName = Value("UserId") == LocalSystem ? "SYSTEM" : Value("UserId"),
            At = DateTime.TryParse(Value("StartBoundary"), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTime start) ? start.TimeOfDay : default,
            IntervalHours = Value("Interval") is string every && every.StartsWith("PT", StringComparison.Ordinal) && int.TryParse(every.Trim('P', 'T', 'H'), out int hours) ? hours : 24,
            Program = Value("Command") ?? "",
            Script = arguments.StartsWith(Before, StringComparison.Ordinal) ? arguments.Substring(Before.Length, arguments.Length - Before.Length - 1) : arguments,
            Files = [$"{FolderPath}\\{name}"],
        };
    }

    private static bool IsSystem(RenewalTask task) => task.UserName is null || task.UserName.Equals("SYSTEM", StringComparison.OrdinalIgnoreCase) || task.UserName == LocalSystem
        || task.UserName.Equals("NT AUTHORITY\\SYSTEM", StringComparison.OrdinalIgnoreCase);

    private static RenewalTask Read(object task)
    {
        RenewalTask read = Parse((string)Get(task, "Name")!, (string)Get(task, "Xml")!);
        DateTime last = (DateTime)Get(task, "LastRunTime")!;
        DateTime next = (DateTime)Get(task, "NextRunTime")!;
        return read with
        {
            // One that never ran has a time of 1899 or 1999.
            LastRun = last.Year < 2000 ? null : new DateTimeOffset(last),
            NextRun = next.Year < 2000 ? null : new DateTimeOffset(next),
            LastResult = last.Year < 2000 ? null : FormattableString.Invariant($"0x{(int)Get(task, "LastTaskResult")!:X}"),
        };
    }

    private static T Use<T>(string name, Func<object, T> work)
    {
        try
        {
            Type type = Type.GetTypeFromProgID("Schedule.Service") ?? throw new COMException("the service is not there");
            object service = Activator.CreateInstance(type)!;
            Call(service, "Connect", Missing.Value, Missing.Value, Missing.Value, Missing.Value);
            return work(Call(service, "GetFolder", "\\"));
        }
        catch (Exception error) when (error is TargetInvocationException or COMException or UnauthorizedAccessException)
        {
            Exception cause = error is TargetInvocationException { InnerException: Exception inner } ? inner : error;
            throw new DeploymentException(ErrorIds.TaskNotRegistered, $"Windows Task Scheduler refused{(name.Length > 0 ? $" the task {name}" : "")}: {cause.Message.Trim().TrimEnd('.')}.", error)
            {
                Target = name,
                Remedy = "Run the command in a PowerShell that was started as administrator; check the user and the password.",
            };
        }
    }

    private static object? GetFolder(object root)
    {
        try
        {
            return Call(root, "GetFolder", FolderPath);
        }
        catch (TargetInvocationException error) when (error.InnerException is System.IO.FileNotFoundException or System.IO.DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static object Call(object target, string method, params object?[] arguments) =>
        target.GetType().InvokeMember(method, BindingFlags.InvokeMethod, null, target, arguments, CultureInfo.InvariantCulture) ?? Nothing;

    private static object? Get(object target, string property, params object[] index) =>
        target.GetType().InvokeMember(property, BindingFlags.GetProperty, null, target, index, CultureInfo.InvariantCulture);
}
