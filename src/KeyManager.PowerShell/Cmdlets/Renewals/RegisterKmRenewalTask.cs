using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;
using KeyManager.Scheduling;

namespace KeyManager.Commands;

/// <summary>Has the machine run Invoke-KmRenewal by itself: a Windows scheduled task, a systemd timer, or cron.</summary>
/// <remarks>
/// It first makes sure that a task could open the store: a passphrase has nobody to type it, and data protection of one user is of no use to another. The first run is at a random minute,
/// so that not every machine comes at the same time. The task ends with 1 when something failed; what it says is in the journal, in the log of the system, or in the history of the task.
/// Run as administrator or root for a task of the machine.
/// </remarks>
/// <example><code>Register-KmRenewalTask</code><para>With what this machine has: as SYSTEM on Windows, a timer of the system for root, else a timer of the user or cron. Every four hours.</para></example>
/// <example><code>Register-KmRenewalTask -UserName CONTOSO\web-gmsa$ -ManagedAccount</code><para>As a group managed service account.</para></example>
/// <example><code>Register-KmRenewalTask -WhatIf -Verbose</code><para>Shows what would be made.</para></example>
/// <seealso cref="UnregisterKmRenewalTaskCommand"/>
[Cmdlet(VerbsLifecycle.Register, "KmRenewalTask", SupportsShouldProcess = true)]
[OutputType(typeof(RenewalTask))]
public sealed class RegisterKmRenewalTaskCommand : KmCmdlet
{
    /// <summary>Name of the task; default KeyManager. One of that name is replaced.</summary>
    [Parameter(Position = 0)]
    public string Name { get; set; } = "KeyManager";

    /// <summary>What runs it: WindowsTask, SystemdSystem, SystemdUser or Cron. Default: the first of these that this machine has and this user may use.</summary>
    [Parameter]
    public RenewalScheduler? Scheduler { get; set; }

    /// <summary>Who it runs as. Default: SYSTEM on Windows, root for a timer of the system, else this user.</summary>
    [Parameter]
    public string? UserName { get; set; }

    /// <summary>The user is a group managed service account (DOMAIN\name$), which needs no password.</summary>
    [Parameter]
    public SwitchParameter ManagedAccount { get; set; }

    /// <summary>User and password, on Windows for a named user.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>First time of the day, local time, such as 03:17. Default: a random minute of the night.</summary>
    [Parameter]
    public TimeSpan? At { get; set; }

    /// <summary>Hours from one run to the next: 1, 2, 3, 4, 6, 8, 12 or 24; default 4. A run with nothing due takes a moment, and a failure is tried again sooner.</summary>
    [Parameter]
    public int IntervalHours { get; set; } = 4;

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        (string program, string manifest) = await pipeline.InvokeAsync(Where).ConfigureAwait(false);
        (RenewalTask task, IReadOnlyList<KeyValuePair<string, string>> texts) = Services.RenewalTasks.Plan(new RenewalTaskRequest
        {
            Name = Name,
            Scheduler = Scheduler,
            UserName = Blank.ToNull(Credential?.UserName) ?? Blank.ToNull(UserName),
            IsManagedAccount = ManagedAccount,
            At = At,
            IntervalHours = IntervalHours,
            PowerShellPath = program,
            ManifestPath = manifest,
        });
        foreach (KeyValuePair<string, string> text in texts)
        {
            pipeline.Verbose($"{text.Key}:{Environment.NewLine}{text.Value}");
        }

        if (await pipeline.ShouldProcessAsync($"{task} every {task.IntervalHours} hours from {task.At:hh\\:mm} on", "Register renewal task").ConfigureAwait(false))
        {
            using SecretText? password = Credential is null ? null : new SecretText(Credential.Password);
            await pipeline.WriteObjectAsync(await Services.RenewalTasks.RegisterAsync(task, password?.Characters, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    /// <summary>This PowerShell and this module: what works here works in the task.</summary>
    private (string Program, string Manifest) Where()
    {
        string home = Convert.ToString(SessionState.PSVariable.GetValue("PSHOME"), System.Globalization.CultureInfo.InvariantCulture) ?? "";
        string program = Path.Combine(home, "pwsh.exe");
        foreach (string name in new[] { "pwsh", "powershell.exe" })
        {
            program = File.Exists(program) ? program : Path.Combine(home, name);
        }

        string folder = Path.GetDirectoryName(typeof(RegisterKmRenewalTaskCommand).Assembly.Location) ?? "";
        return (program, Path.Combine(folder, "KeyManager.psd1"));
    }
}
