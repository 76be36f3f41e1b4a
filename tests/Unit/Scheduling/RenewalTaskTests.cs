using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using System.Xml;
using System.Xml.Schema;
using KeyManager.Operations;
using KeyManager.Providers.Files;
using KeyManager.Providers.Scheduling;
using KeyManager.Scheduling;
using KeyManager.Storage;
using KeyManager.Tests.Operations;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Scheduling;

public sealed class RenewalTaskTests : OperationTests
{
    private readonly FakePrograms _programs = new();

    [Theory]
    [InlineData(1, "0/1")]
    [InlineData(4, "3/4")]
    [InlineData(24, "03")]
    public async Task A_systemd_timer_is_made_listed_and_removed(int hours, string expected)
    {
        SystemdScheduler scheduler = Systemd();
        RenewalTask task = Some(hours);
        await scheduler.RegisterAsync(task, null, CancellationToken.None);
        string timer = File.ReadAllText(Path.Combine(scheduler.Folder, "KeyManager.timer"));
        Assert.Contains($"OnCalendar=*-*-* {(hours == 1 ? "00/1" : hours == 4 ? "03/4" : expected)}:17:00\n", timer, StringComparison.Ordinal);
        RenewalTask read = Assert.Single(await scheduler.ListAsync(CancellationToken.None));
        Assert.Equal((task.Program, task.Script, task.IntervalHours, "www-data", 17), (read.Program, read.Script, read.IntervalHours, read.UserName, read.At.Minutes));
        Assert.Equal(["systemctl daemon-reload", "systemctl enable --now KeyManager.timer"], _programs.Calls.Take(2));
        await scheduler.RemoveAsync(read, CancellationToken.None);
        Assert.Empty(Directory.GetFiles(scheduler.Folder));
    }

    [Fact]
    public async Task The_units_are_what_systemd_takes()
    {
        string? analyze = new Programs(Clock.System).Find("systemd-analyze");
        Assert.SkipWhen(analyze is null || RuntimeInformation.IsOSPlatform(OSPlatform.Windows), "systemd-analyze is not here (Debian's package systemd).");
        SystemdScheduler scheduler = Systemd();
        Directory.CreateDirectory(scheduler.Folder);
        foreach (int hours in new[] { 1, 4, 24 })
        {
            foreach (KeyValuePair<string, string> unit in scheduler.Describe(Some(hours) with { UserName = null, Program = "/bin/sh" }))
            {
                File.WriteAllText(unit.Key, unit.Value);
            }

            (int status, _, string error) = await new Programs(Clock.System).RunAsync(
                analyze!, ["verify", Path.Combine(scheduler.Folder, "KeyManager.service"), Path.Combine(scheduler.Folder, "KeyManager.timer")], null, CancellationToken.None);
            Assert.True(status == 0 && !error.Contains("KeyManager", StringComparison.Ordinal), error);
        }
    }

    [Fact]
    public async Task A_unit_of_somebody_else_is_left_alone()
    {
        SystemdScheduler scheduler = Systemd();
        Directory.CreateDirectory(scheduler.Folder);
        string foreign = Path.Combine(scheduler.Folder, "KeyManager.timer");
        File.WriteAllText(foreign, "[Timer]\n");
        await FailsAsync<ConflictException>(ErrorIds.NameAlreadyExists, foreign, () => scheduler.RegisterAsync(Some(4), null, CancellationToken.None));
        Assert.Empty(await scheduler.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task What_a_scheduler_refuses_is_an_error_with_what_it_said()
    {
        _programs.Status = 1;
        await FailsAsync<DeploymentException>(ErrorIds.TaskNotRegistered, "it said no", () => Systemd().RegisterAsync(Some(4), null, CancellationToken.None));
        await FailsAsync<DeploymentException>(ErrorIds.TaskNotRegistered, "it said no", () => new CronScheduler(HostEnvironment.Current, _programs).RegisterAsync(Some(4), null, CancellationToken.None));
    }

    [Fact]
    public async Task A_line_of_cron_is_made_replaced_listed_and_removed_and_the_others_stay()
    {
        _programs.Crontab = "MAILTO=root\n5 5 * * * true\n";
        CronScheduler scheduler = new(HostEnvironment.Current, _programs);
        RenewalTask task = Some(4) with { Script = "Invoke-It 'a''b' 50% $false" };
        await scheduler.RegisterAsync(task, null, CancellationToken.None);
        await scheduler.RegisterAsync(task with { IntervalHours = 24 }, null, CancellationToken.None);
        Assert.Equal(4, _programs.Crontab.TrimEnd('\n').Split('\n').Length);
        Assert.Contains("17 3 * * * '/opt/pwsh' -NoProfile", _programs.Crontab, StringComparison.Ordinal);
        RenewalTask read = Assert.Single(await scheduler.ListAsync(CancellationToken.None));
        Assert.Equal((task.Script, 24, new TimeSpan(3, 17, 0)), (read.Script, read.IntervalHours, read.At));
        await scheduler.RemoveAsync(read, CancellationToken.None);
        Assert.Equal("MAILTO=root\n5 5 * * * true\n", _programs.Crontab);
    }

    [Fact]
    public void A_Windows_task_is_valid_by_the_schema_and_read_back_as_it_was()
    {
        WindowsTaskScheduler scheduler = new(HostEnvironment.Current);
        foreach (RenewalTask task in new[] { Some(4) with { UserName = null }, Some(24) with { UserName = "CONTOSO\\web$", IsManagedAccount = true } })
        {
            string xml = scheduler.Describe(task)[0].Value;
            XmlReaderSettings settings = new() { ValidationType = System.Xml.ValidationType.Schema };
            settings.Schemas.Add(null, Path.Combine(Repository.Root, "tests", "Unit", "Scheduling", "Task.xsd"));
            List<string> problems = [];
            settings.ValidationEventHandler += (_, e) => problems.Add(e.Message);
            using (XmlReader reader = XmlReader.Create(new StringReader(xml), settings))
            {
                while (reader.Read())
                {
                }
            }

            Assert.Empty(problems);
            RenewalTask read = WindowsTaskScheduler.Parse(task.Name, xml);
            Assert.Equal((task.Program, task.Script, task.At, task.IntervalHours, task.UserName ?? "SYSTEM"), (read.Program, read.Script, read.At, read.IntervalHours, read.UserName));
        }
    }

    [Fact]
    public void The_command_is_quoted_for_whoever_reads_it()
    {
        Assert.Equal("\"a \\\"b\\\" $$c %%d \\\\\"", SystemdScheduler.Quote("a \"b\" $c %d \\"));
        Assert.Equal("'it'\\''s'", CronScheduler.Quote("it's"));
    }

    [Fact]
    public async Task A_task_that_could_not_open_the_store_is_not_registered()
    {
        SystemdScheduler scheduler = Systemd();
        Bench.Schedulers = [scheduler];
        RenewalTaskRequest request = new() { PowerShellPath = "/opt/pwsh", ManifestPath = "/opt/it's/KeyManager.psd1", Scheduler = RenewalScheduler.SystemdSystem };
        (RenewalTask task, _) = Bench.Services.RenewalTasks.Plan(request);
        Assert.Contains("Import-Module '/opt/it''s/KeyManager.psd1'", task.Script, StringComparison.Ordinal);
        Assert.InRange(task.At.TotalHours, 1, 5);
        await Bench.Services.RenewalTasks.RegisterAsync(task, null, CancellationToken.None);
        Assert.True(WasAudited("RenewalTaskRegistered", "KeyManager"));

        KeyProtector file = Bench.Store.Protection.List().Single();
        Bench.Store.Protection.Add(new KeyProtectorRequest(KeyProtectorKind.Passphrase, Passphrase: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
        Bench.Store.Protection.Remove(file.Id);
        await FailsAsync<ConflictException>(ErrorIds.TaskCannotOpenStore, "Passphrase", () => Bench.Services.RenewalTasks.RegisterAsync(task, null, CancellationToken.None));
        Fails<InvalidRequestException>(ErrorIds.InvalidParameter, "a b", () => Bench.Services.RenewalTasks.Plan(request with { Name = "a b" }));
        Fails<InvalidRequestException>(ErrorIds.InvalidParameter, "every 5 hours", () => Bench.Services.RenewalTasks.Plan(request with { IntervalHours = 5 }));
    }

    private static RenewalTask Some(int hours) => new()
    {
        Name = "KeyManager",
        Scheduler = RenewalScheduler.SystemdSystem,
        UserName = "www-data",
        At = new TimeSpan(3, 17, 0),
        IntervalHours = hours,
        Program = "/opt/pwsh",
        Script = "Import-Module '/opt/a b/KeyManager.psd1'; Invoke-KmRenewal -StorePath '/srv/100%/store.db' -Confirm:$false; exit [int](-not $?)",
    };

    private SystemdScheduler Systemd() => new(HostEnvironment.Current, _programs, new FileWriter(), isUser: false) { Folder = Bench.File("units"), Always = true };

    private sealed class FakePrograms() : Programs(Clock.System)
    {
        public List<string> Calls { get; } = [];

        public string Crontab { get; set; } = "";

        public int Status { get; set; }

        public override string? Find(string name) => name == "logger" ? null : "/usr/bin/" + name;

        public override Task<(int Status, string Output, string Error)> RunAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken)
        {
            Calls.Add($"{program} {string.Join(" ", arguments)}");
            if (program == "crontab" && arguments[0] == "-" && Status == 0)
            {
                Crontab = input!;
            }

            return Task.FromResult((Status, program == "crontab" ? Crontab : "", Status == 0 ? "" : "it said no"));
        }
    }
}
