using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Deployments;

/// <summary>A deployment of files, whatever the transport: beside, verified, renamed, tested, reloaded; and back.</summary>
/// <param name="transport">The way there; disposed with the session.</param>
/// <param name="plan">What is to be done.</param>
/// <param name="content">What is deployed; <c>null</c> to take away only.</param>
/// <param name="keystore">For keystores.</param>
/// <param name="webRoot">Folder for challenge files; <c>null</c> for none.</param>
internal sealed class FileDeploySession(IFileTransport transport, DeployPlan plan, DeployContent? content, KeystoreFile keystore, string? webRoot) : IDeploySession
{
    // Written beside and not yet in place.
    private readonly HashSet<string> _beside = new(StringComparer.Ordinal);

    private DeployContent Content => content ?? throw new InvalidOperationException("This session only takes away.");

    public async Task<bool> IsInPlaceAsync(Deployment? last, CancellationToken cancellationToken)
    {
        foreach (PlannedFile file in plan.Files)
        {
            if (await transport.ReadAsync(file.Path, cancellationToken).ConfigureAwait(false) is not byte[] there || !Holds(file, there))
            {
                return false;
            }
        }

        return true;
    }

    public Deployment Lay(Deployment deployment) => deployment with
    {
        Files =
        [
            .. plan.Files.Select(file => (deployment.Files.FirstOrDefault(f => f.Path == file.Path) ?? new DeployedFile { Path = file.Path, Content = file.Part.ToString(), TemporaryPath = "" })
                with { TemporaryPath = Beside(file.Path, deployment.Id, "new") }),
        ],
    };

    public async Task<Deployment> PrepareAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        List<DeployedFile> files = [];
        foreach (PlannedFile file in plan.Files)
        {
            DeployedFile laid = deployment.Files.First(f => f.Path == file.Path); // Lay made one for each
            byte[]? there = await transport.ReadAsync(file.Path, cancellationToken).ConfigureAwait(false);
            if (there is not null && Holds(file, there))
            {
                // What somebody else put there is not ours to put back; what a killed process of ours did is.
                files.AddRange(laid.Sha256.Length > 0 ? new[] { laid with { Sha256 = Hash(there) } } : []);
                continue;
            }

            files.Add(await PrepareAsync(deployment, file, laid, there, cancellationToken).ConfigureAwait(false));
        }

        return deployment with { Files = files };
    }

    public async Task SwitchAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        foreach (DeployedFile file in deployment.Files.Where(f => _beside.Contains(f.TemporaryPath)).ToList())
        {
            await transport.RenameAsync(file.TemporaryPath, file.Path, cancellationToken).ConfigureAwait(false);
            _beside.Remove(file.TemporaryPath);
        }
    }

    public async Task<IReadOnlyList<string>> ActivateAsync(Deployment deployment, bool withTest, CancellationToken cancellationToken)
    {
        List<string> done = [];
        if (withTest && plan.TestCommand is string test)
        {
            done.Add(await TestAsync(test, cancellationToken).ConfigureAwait(false));
        }

        if (plan.ReloadCommand is string reload)
        {
            done.Add(await ReloadAsync(reload, cancellationToken).ConfigureAwait(false));
        }

        return done;
    }

    public async Task RestoreAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        foreach (DeployedFile file in deployment.Files.Reverse())
        {
            if (file.PreviousPath is string previous)
            {
                // Gone when an earlier attempt to go back got as far as this file.
                if (await transport.ReadAsync(previous, cancellationToken).ConfigureAwait(false) is not null)
                {
                    await transport.RenameAsync(previous, file.Path, cancellationToken).ConfigureAwait(false);
                }
            }
            else if (await HoldsAsync(file.Path, file.Sha256, cancellationToken).ConfigureAwait(false))
            {
                await transport.RemoveAsync(file.Path, cancellationToken).ConfigureAwait(false);
            }

            await transport.RemoveAsync(file.TemporaryPath, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task DiscardAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        foreach (DeployedFile file in deployment.Files)
        {
            await transport.RemoveAsync(file.TemporaryPath, cancellationToken).ConfigureAwait(false);
            if (deployment.Step <= DeploymentStep.Uploading)
            {
                // Copies of what is still in place.
                await transport.RemoveAsync(Beside(file.Path, deployment.Id, "old"), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public async Task ForgetAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        foreach (string previous in deployment.Files.Select(f => f.PreviousPath).OfType<string>())
        {
            await transport.RemoveAsync(previous, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<IReadOnlyList<string>> RemoveAsync(IReadOnlyList<Deployment> deployments, CancellationToken cancellationToken)
    {
        List<string> done = [];
        List<(string Path, string Aside)> moved = [];
        try
        {
            foreach (IGrouping<string, DeployedFile> group in deployments.SelectMany(d => d.Files).GroupBy(f => f.Path))
            {
                byte[]? there = await transport.ReadAsync(group.Key, cancellationToken).ConfigureAwait(false);
                if (there is null)
                {
                    continue;
                }

                if (group.Any(f => f.Content == nameof(DeployPart.Keystore)))
                {
                    byte[]? rest = keystore.Without(there, plan.Certificate, $"{group.Key} on {transport.Name}");
                    moved.Add(await MoveAsideAsync(group.Key, rest, cancellationToken).ConfigureAwait(false));
                    done.Add(rest is null ? $"Took {group.Key} away" : $"Took the entry out of {group.Key}");
                }
                else if (group.Any(f => string.Equals(f.Sha256, Hash(there), StringComparison.Ordinal)))
                {
                    moved.Add(await MoveAsideAsync(group.Key, null, cancellationToken).ConfigureAwait(false));
                    done.Add($"Took {group.Key} away");
                }
                else
                {
                    done.Add($"Left {group.Key}: it was changed by somebody else");
                }
            }

            done.AddRange(await ActivateAsync(deployments[0], true, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await Hosting.CleanUp.RunAsync(token => PutBackAsync(moved, token), TimeSpan.FromSeconds(30)).ConfigureAwait(false);
            throw;
        }

        foreach (string path in moved.Select(m => m.Aside).Concat(deployments.SelectMany(d => d.Files).SelectMany(f => new[] { f.PreviousPath, f.TemporaryPath }).OfType<string>()))
        {
            await transport.RemoveAsync(path, cancellationToken).ConfigureAwait(false);
        }

        return done;
    }

    public async Task<IReadOnlyList<string>> TryAsync(CancellationToken cancellationToken)
    {
        List<string> done = [];
        foreach (string folder in plan.Files.Select(f => FolderOf(f.Path)).Concat(webRoot is null ? [] : [webRoot]).Distinct())
        {
            await RequireFolderAsync(folder, cancellationToken).ConfigureAwait(false);
            string trial = Combine(folder, ".km-test-" + Identifier.New());
            try
            {
                await transport.WriteAsync(trial, [0x4B, 0x6D], cancellationToken).ConfigureAwait(false);
                await transport.RenameAsync(trial, trial + "-renamed", cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await Hosting.CleanUp.RunAsync(
                    async token =>
                    {
                        await transport.RemoveAsync(trial, token).ConfigureAwait(false);
                        await transport.RemoveAsync(trial + "-renamed", token).ConfigureAwait(false);
                    },
                    TimeSpan.FromSeconds(10)).ConfigureAwait(false);
            }

            done.Add($"{folder} can be written");
        }

        foreach (PlannedFile file in plan.Files)
        {
            done.Add(await transport.ReadAsync(file.Path, cancellationToken).ConfigureAwait(false) is null ? $"{file.Path} is not there yet" : $"{file.Path} can be read");
        }

        if (plan.TestCommand is string test)
        {
            done.Add(await TestAsync(test, cancellationToken).ConfigureAwait(false));
        }

        return done;
    }

    public void Dispose() => transport.Dispose();

    private async Task<DeployedFile> PrepareAsync(Deployment deployment, PlannedFile file, DeployedFile laid, byte[]? there, CancellationToken cancellationToken)
    {
        await RequireFolderAsync(FolderOf(file.Path), cancellationToken).ConfigureAwait(false);
        string? previous = laid.Sha256.Length > 0 ? laid.PreviousPath : null;
        bool isKept = laid.Sha256.Length > 0 && (previous is null || await transport.ReadAsync(previous, cancellationToken).ConfigureAwait(false) is not null);
        byte[] bytes = file.Part == DeployPart.Keystore ? keystore.With(there, Content, $"{file.Path} on {transport.Name}") : Content.Pem(file.Part);
        try
        {
            _beside.Add(laid.TemporaryPath);
            await transport.WriteAsync(laid.TemporaryPath, bytes, cancellationToken).ConfigureAwait(false);
            byte[]? arrived = await transport.ReadAsync(laid.TemporaryPath, cancellationToken).ConfigureAwait(false);
            bool isWhole = arrived is not null && Enumerable.SequenceEqual(arrived, bytes);
            Clear(file, arrived);
            if (!isWhole)
            {
                throw DeployProblems.Refused(transport.Name, file.Path, "did not arrive as it was sent");
            }

            await SetRightsAsync(file, laid.TemporaryPath, there is not null, cancellationToken).ConfigureAwait(false);
            if (!isKept && there is not null)
            {
                previous = Beside(file.Path, deployment.Id, "old");
                await transport.WriteAsync(previous, there, cancellationToken).ConfigureAwait(false);
                await transport.CopyRightsAsync(previous, file.Path, file.IsPrivate, cancellationToken).ConfigureAwait(false);
            }

            return laid with { PreviousPath = previous, Sha256 = Hash(bytes) };
        }
        finally
        {
            Clear(file, bytes);
            Clear(file, there);
        }
    }

    private async Task SetRightsAsync(PlannedFile file, string path, bool hasModel, CancellationToken cancellationToken)
    {
        if (hasModel)
        {
            await transport.CopyRightsAsync(path, file.Path, file.IsPrivate, cancellationToken).ConfigureAwait(false);
        }

        // The owner before the rights: a file that the group may read belongs to the right group by then.
        if (file.Owner is not null)
        {
            await transport.SetOwnerAsync(path, file.Owner, cancellationToken).ConfigureAwait(false);
        }

        if (FileSettings.ParseMode(file.Mode) is int mode)
        {
            await transport.SetModeAsync(path, mode, cancellationToken).ConfigureAwait(false);
        }
        else if (!hasModel && !file.IsPrivate)
        {
            await transport.SetModeAsync(path, FileRights.Public, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(string Path, string Aside)> MoveAsideAsync(string path, byte[]? rest, CancellationToken cancellationToken)
    {
        string aside = Beside(path, Identifier.New(), "gone");
        if (rest is not null)
        {
            string beside = Beside(path, Identifier.New(), "new");
            byte[] there = await transport.ReadAsync(path, cancellationToken).ConfigureAwait(false) ?? [];
            await transport.WriteAsync(aside, there, cancellationToken).ConfigureAwait(false);
            await transport.WriteAsync(beside, rest, cancellationToken).ConfigureAwait(false);
            await transport.CopyRightsAsync(aside, path, true, cancellationToken).ConfigureAwait(false);
            await transport.CopyRightsAsync(beside, path, true, cancellationToken).ConfigureAwait(false);
            await transport.RenameAsync(beside, path, cancellationToken).ConfigureAwait(false);
            return (path, aside);
        }

        await transport.RenameAsync(path, aside, cancellationToken).ConfigureAwait(false);
        return (path, aside);
    }

    private async Task PutBackAsync(List<(string Path, string Aside)> moved, CancellationToken cancellationToken)
    {
        foreach ((string path, string aside) in Enumerable.Reverse(moved))
        {
            await transport.RenameAsync(aside, path, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string> TestAsync(string command, CancellationToken cancellationToken)
    {
        CommandOutcome outcome = await transport.RunAsync(command, cancellationToken).ConfigureAwait(false);
        return outcome.ExitCode == 0 ? $"Tested with '{command}'" : throw new DeploymentException(
            ErrorIds.ConfigurationTestFailed, $"On {transport.Name} the test '{command}' failed with {outcome.ExitCode}: {outcome.Output.TrimEnd('.')}.")
        {
            Target = plan.Target.Name,
            Remedy = "The service was not reloaded and goes on with what it had. Mend its configuration, or the paths of the target, then deploy again.",
        };
    }

    private async Task<string> ReloadAsync(string command, CancellationToken cancellationToken)
    {
        CommandOutcome outcome = await transport.RunAsync(command, cancellationToken).ConfigureAwait(false);
        return outcome.ExitCode == 0 ? $"Reloaded with '{command}'" : throw new DeploymentException(
            ErrorIds.ReloadFailed, $"On {transport.Name} '{command}' failed with {outcome.ExitCode}: {outcome.Output.TrimEnd('.')}.")
        {
            Target = plan.Target.Name,
            Remedy = "Run the command by hand there as the user of the target; it may need sudo without a password for this one command.",
        };
    }

    private async Task RequireFolderAsync(string folder, CancellationToken cancellationToken)
    {
        if (!await transport.FolderExistsAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            throw DeployProblems.Refused(transport.Name, folder, "does not exist");
        }
    }

    private bool Holds(PlannedFile file, byte[] there)
    {
        if (file.Part == DeployPart.Keystore)
        {
            return keystore.Holds(there, Content, $"{file.Path} on {transport.Name}");
        }

        byte[] wanted = Content.Pem(file.Part);
        bool isSame = Enumerable.SequenceEqual(wanted, there);
        Clear(file, wanted);
        return isSame;
    }

    private async Task<bool> HoldsAsync(string path, string hash, CancellationToken cancellationToken) =>
        await transport.ReadAsync(path, cancellationToken).ConfigureAwait(false) is byte[] there && string.Equals(Hash(there), hash, StringComparison.Ordinal);

    private static void Clear(PlannedFile file, byte[]? bytes)
    {
        if (file.IsPrivate && bytes is not null)
        {
            Array.Clear(bytes, 0, bytes.Length);
        }
    }

    private static string Hash(byte[] bytes) => Hashes.ToHex(Hashes.Sha256(bytes));

    // Hidden, so that a service which reads a whole folder (HAProxy) passes it over.
    private static string Beside(string path, string id, string what) => Combine(FolderOf(path), $".{path.Substring(FolderOf(path).Length).TrimStart('/', '\\')}.{id}.{what}");

    private static string Combine(string folder, string name) => folder.EndsWith("/", StringComparison.Ordinal) || folder.EndsWith("\\", StringComparison.Ordinal)
        ? folder + name
        : folder + (folder.IndexOf('\\') >= 0 && folder.IndexOf('/') < 0 ? "\\" : "/") + name;

    // The target's separators, whatever this machine's are.
    private static string FolderOf(string path)
    {
        int end = path.LastIndexOfAny(['/', '\\']);
        return end < 0 ? "." : end == 0 ? path.Substring(0, 1) : path.Substring(0, end);
    }
}
