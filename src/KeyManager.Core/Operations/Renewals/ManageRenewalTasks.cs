using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Scheduling;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Registers, lists and removes the tasks that run Invoke-KmRenewal.</summary>
public sealed class ManageRenewalTasks(KeyManagerPorts ports)
{
    /// <summary>The task that would be registered, with its texts; changes nothing.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: this machine has no such scheduler.</exception>
    /// <exception cref="StoreException">The store cannot be opened by a task.</exception>
    public (RenewalTask Task, IReadOnlyList<KeyValuePair<string, string>> Texts) Plan(RenewalTaskRequest request)
    {
        Guard.NotNull(request);
        CheckName(request.Name);
        if (request.IntervalHours is < 1 or > 24 || 24 % request.IntervalHours != 0)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"A task cannot run every {request.IntervalHours} hours of every day.") { Target = request.IntervalHours, Remedy = "Use 1, 2, 3, 4, 6, 8, 12 or 24." };
        }

        IRenewalScheduler scheduler = Choose(request.Scheduler);
        string storePath = ports.Store.GetInfo().Path;
        RenewalTask task = new()
        {
            Name = request.Name,
            Scheduler = scheduler.Kind,
            UserName = request.UserName,
            IsManagedAccount = request.IsManagedAccount,
            At = request.At ?? RandomMinute(),
            StorePath = storePath,
            IntervalHours = request.IntervalHours,
            Program = request.PowerShellPath,
            Script = $"Import-Module {Quote(request.ManifestPath)}; Invoke-KmRenewal -StorePath {Quote(storePath)} -Confirm:$false; exit [int](-not $?)",
        };
        IReadOnlyList<KeyValuePair<string, string>> texts = scheduler.Describe(task);
        return (task with { Files = [.. texts.Select(t => t.Key)] }, texts);
    }

    /// <summary>Registers what was planned.</summary>
    public async Task<RenewalTask> RegisterAsync(RenewalTask task, char[]? password, CancellationToken cancellationToken)
    {
        Guard.NotNull(task);
        await ProveThatATaskCanOpenTheStoreAsync(task, cancellationToken).ConfigureAwait(false);
        RenewalTask registered = await Choose(task.Scheduler).RegisterAsync(task, password, cancellationToken).ConfigureAwait(false);
        ports.Store.Write(session => session.Audit.Append(new AuditEntry("Schedule", "RenewalTaskRegistered", registered.Name, registered.Name, $"{registered.Scheduler} as {registered.UserName ?? "the same user"}, daily at {registered.At:hh\\:mm}")));
        return registered;
    }

    /// <summary>All tasks of KeyManager on this machine that this user can see.</summary>
    public async Task<IReadOnlyList<RenewalTask>> ListAsync(CancellationToken cancellationToken)
    {
        List<RenewalTask> all = [];
        foreach (IRenewalScheduler scheduler in ports.Schedulers.Where(s => s.WhyNot() is null))
        {
            all.AddRange(await scheduler.ListAsync(cancellationToken).ConfigureAwait(false));
        }

        return all;
    }

    /// <summary>Removes a task.</summary>
    public async Task RemoveAsync(RenewalTask task, CancellationToken cancellationToken)
    {
        Guard.NotNull(task);
        await Choose(task.Scheduler).RemoveAsync(task, cancellationToken).ConfigureAwait(false);
        ports.Store.Write(session => session.Audit.Append(new AuditEntry("Schedule", "RenewalTaskRemoved", task.Name, task.Name, task.Scheduler.ToString())));
    }

    /// <summary>
    /// A task has nobody to type a passphrase, and another user's data protection is not ours. What files another user can read, the system says.
    /// </summary>
    private async Task ProveThatATaskCanOpenTheStoreAsync(RenewalTask task, CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyProtector> protectors = ports.Store.Protection.List();
        bool isOther = task.UserName is not null && !string.Equals(task.UserName, Environment.UserName, StringComparison.OrdinalIgnoreCase)
            && !task.UserName.EndsWith("\\" + Environment.UserName, StringComparison.OrdinalIgnoreCase);
        bool canOpen = protectors.Any(p => p.Kind switch
        {
            KeyProtectorKind.Passphrase => false,
            KeyProtectorKind.DpapiUser => !isOther,
            _ => true,
        });
        if (!canOpen)
        {
            throw new ConflictException(ConflictKind.State, ErrorIds.TaskCannotOpenStore, $"A task that runs as {task.UserName ?? "this user"} could not open the store: it is protected by {string.Join(", ", protectors)} only.")
            {
                Target = task.Name,
                Remedy = isOther
                    ? "Add a protector that the other user can use: Add-KmKeyProtector -DpapiLocalMachine, or -KeyFilePath with a file that only that user and you can read."
                    : "Add a protector that needs nobody: Add-KmKeyProtector -KeyFilePath, or on Windows -DpapiLocalMachine.",
            };
        }

        if (isOther)
        {
            IEnumerable<string> files = protectors.Where(p => p.Kind == KeyProtectorKind.KeyFile).Select(p => p.Path).Concat(new[] { task.StorePath ?? "" });
            if (await Choose(task.Scheduler).WhyCannotReadAsync(task.UserName!, [.. files], cancellationToken).ConfigureAwait(false) is string reason)
            {
                throw new ConflictException(ConflictKind.State, ErrorIds.TaskCannotOpenStore, $"A task that runs as {task.UserName} could not open the store: {reason}.")
                {
                    Target = task.Name,
                    Remedy = "Give that user a store of its own (run the commands as that user), or run the task as the owner of the store.",
                };
            }
        }
    }

    private IRenewalScheduler Choose(RenewalScheduler? wanted)
    {
        List<string> reasons = [];
        foreach (IRenewalScheduler scheduler in ports.Schedulers.Where(s => wanted is null || s.Kind == wanted))
        {
            if (scheduler.WhyNot() is not string reason)
            {
                return scheduler;
            }

            reasons.Add($"{scheduler.Kind}: {reason}");
        }

        throw new InvalidRequestException(ErrorIds.InvalidParameter, $"There is no scheduler here that can be used: {string.Join("; ", reasons)}.")
        {
            Target = wanted?.ToString(),
            Remedy = "Name another with -Scheduler, or run Invoke-KmRenewal by what you have; samples/Renewal has examples.",
        };
    }

    private static void CheckName(string name)
    {
        if (name.Length is 0 or > 60 || !name.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_'))
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{name}' cannot be the name of a task.") { Target = name, Remedy = "Use letters, digits, - and _, such as KeyManager." };
        }
    }

    private static string Quote(string text) => text.IndexOf('"') < 0 && text.IndexOf('\n') < 0
        ? "'" + text.Replace("'", "''") + "'"
        : throw new InvalidRequestException(ErrorIds.InvalidParameter, "The path of the store or of the module holds a quotation mark, which a task cannot carry.") { Target = text, Remedy = "Move it." };

    /// <summary>Between 1:00 and 4:59, so that not every machine of the world comes at midnight.</summary>
    private static TimeSpan RandomMinute()
    {
        byte[] bytes = new byte[4];
        using (RandomNumberGenerator generator = RandomNumberGenerator.Create())
        {
            generator.GetBytes(bytes);
        }

        return TimeSpan.FromMinutes(60 + (BitConverter.ToUInt32(bytes, 0) % 240));
    }
}
