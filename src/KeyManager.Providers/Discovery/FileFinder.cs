using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Discovery;
using KeyManager.Hosting;
using KeyManager.Providers.Deployments;

namespace KeyManager.Providers.Discovery;

/// <summary>Looks into files and folders: of this machine, on shares, and by SSH.</summary>
internal sealed class FileFinder(Clock clock, DeployKindRegistry kinds, CertificateFileReader reader) : ICertificateFinder
{
    private const int Deepest = 32;
    private const long LargestUnnamed = 1024 * 1024;
    private const long Largest = 16 * 1024 * 1024;

    public bool CanFind(DiscoveryScope scope) => scope is FileScope;

    public async Task FindAsync(DiscoveryScope scope, Func<Finding, Task> found, IReporter reporter, CancellationToken cancellationToken)
    {
        FileScope files = (FileScope)scope;
        using IFileTransport transport = await ConnectAsync(files.Target, cancellationToken).ConfigureAwait(false);
        Search search = new(files, transport, reader, found, reporter);
        foreach (string path in files.Paths)
        {
            await search.BeginAsync(path, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IFileTransport> ConnectAsync(DeployContext? target, CancellationToken cancellationToken)
    {
        if (target is null)
        {
            return new LocalTransport(clock, Environment.MachineName, canRun: false, TimeSpan.Zero);
        }

        return kinds.Get(target.Target.Kind) is IFileKind kind
            ? await kind.ConnectAsync(target, cancellationToken).ConfigureAwait(false)
            : throw new InvalidRequestException(ErrorIds.InvalidParameter, $"A target of the kind {target.Target.Kind} has no files to look into.")
            {
                Target = target.Target.Name,
                Remedy = "Name a target of the kind Ssh, Share or Local; for Windows use -WindowsStore or -IisBinding.",
            };
    }

    /// <summary>One search.</summary>
    private sealed class Search(FileScope scope, IFileTransport transport, CertificateFileReader reader, Func<Finding, Task> found, IReporter reporter)
    {
        // The same file by two paths is two places; the same path twice is one.
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

        /// <summary>Looks at a path that was named.</summary>
        public async Task BeginAsync(string path, CancellationToken cancellationToken)
        {
            FileFacts? facts;
            try
            {
                facts = await transport.LookAsync(path, cancellationToken).ConfigureAwait(false);
            }
            catch (DeploymentException error)
            {
                await found(Of(path) with { Problem = error.Message, IsNamed = true }).ConfigureAwait(false);
                return;
            }

            if (facts is null)
            {
                await found(Of(path) with { Problem = $"There is no file or folder '{path}'.", IsAbsent = true, IsNamed = true }).ConfigureAwait(false);
            }
            else if (facts.IsFolder)
            {
                await FolderAsync(path, 0, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await FileAsync(path, facts, isNamed: true, cancellationToken).ConfigureAwait(false);
            }
        }

        private async Task FolderAsync(string folder, int depth, CancellationToken cancellationToken)
        {
            IReadOnlyList<string> names;
            try
            {
                names = await transport.ListAsync(folder, cancellationToken).ConfigureAwait(false);
            }
            catch (DeploymentException error)
            {
                await found(Of(folder) with { Problem = error.Message }).ConfigureAwait(false);
                return;
            }

            reporter.Verbose($"{scope.ComputerName}: {folder}");
            foreach (string name in names.OrderBy(n => n, StringComparer.Ordinal))
            {
                cancellationToken.ThrowIfCancellationRequested();
                string path = transport.Combine(folder, name);
                FileFacts? facts;
                try
                {
                    facts = await transport.LookAsync(path, cancellationToken).ConfigureAwait(false);
                }
                catch (DeploymentException error)
                {
                    // Most of what cannot be looked at is none of ours.
                    if (CertificateFileReader.IsUsualName(path))
                    {
                        await found(Of(path) with { Problem = error.Message }).ConfigureAwait(false);
                    }

                    continue;
                }

                if (facts is { IsFolder: true })
                {
                    // Not through links: they lead in circles.
                    if (scope.Recurse && !facts.IsLink && depth < Deepest)
                    {
                        await FolderAsync(path, depth + 1, cancellationToken).ConfigureAwait(false);
                    }
                }
                else if (facts is not null)
                {
                    await FileAsync(path, facts, isNamed: false, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        private async Task FileAsync(string path, FileFacts facts, bool isNamed, CancellationToken cancellationToken)
        {
            bool isUsual = isNamed || CertificateFileReader.IsUsualName(path);

            // From afar every byte costs, so there a file is read for its name only.
            if (!_seen.Add(path) || (!isUsual && (scope.Target is not null || facts.Length is 0 or > LargestUnnamed)))
            {
                return;
            }

            Finding finding = Of(path) with { IsNamed = isNamed };
            string? problem = facts.Length == 0 ? $"'{path}' is empty, or no file: a pipe, or a link that leads nowhere." : facts.Length > Largest ? $"'{path}' is too large to be a certificate or keystore (over 16 MiB)." : null;
            try
            {
                IReadOnlyList<FoundInFile> all = problem is null ? await ReadAsync(path, isUsual, cancellationToken).ConfigureAwait(false) : [];
                int number = 0;
                foreach (FoundInFile one in all.Where(IsWanted))
                {
                    // The first without an alias has the path for its place: most files hold one.
                    string location = one.Alias.Length > 0 ? $"{path}#{one.Alias}" : ++number == 1 ? path : FormattableString.Invariant($"{path}#{number}");
                    await found(finding with { Location = location, Certificate = one.Leaf.Der, Chain = one.Chain, HasPrivateKey = one.HasPrivateKey }).ConfigureAwait(false);
                }

                problem ??= isNamed && all.Count == 0 ? $"'{path}' holds no certificate." : null;
            }
            catch (Exception error) when (error is KeyMaterialException or DeploymentException)
            {
                problem = error.Message;
            }

            if (problem is not null)
            {
                await found(finding with { Problem = problem }).ConfigureAwait(false);
            }
        }

        private async Task<IReadOnlyList<FoundInFile>> ReadAsync(string path, bool isUsual, CancellationToken cancellationToken)
        {
            byte[]? data = await transport.ReadAsync(path, cancellationToken).ConfigureAwait(false);
            return data is { Length: > 0 } && (isUsual || CertificateFileReader.LooksLikeIt(data)) ? reader.Read(data, path, scope.Passwords) : [];
        }

        // What everybody trusts is nobody's concern; an authority with a key here, or one that stands for a host, is.
        private bool IsWanted(FoundInFile one) => scope.IncludeAuthorities || one.HasPrivateKey || !one.Leaf.IsAuthority || one.Leaf.DomainNames.Count > 0;

        private Finding Of(string path) => new(DiscoverySource.File, scope.ComputerName, path);
    }
}
