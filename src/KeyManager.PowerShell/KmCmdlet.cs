using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.PowerShell;

/// <summary>
/// Base of all cmdlets: the one place where async work meets the pipeline. Override the Async methods; they run on a worker, and write
/// through the <see cref="IPipeline"/> they are given, never through the WriteObject of the base class.
/// </summary>
/// <remarks>
/// An exception that leaves ProcessRecordAsync is one failed item when its kind says so (see <see cref="ErrorMapping.EndsCommand"/>), and
/// the next item goes on; any other ends the command. Ctrl-C cancels the token; what must still be done then belongs into
/// <see cref="CleanUp.RunAsync"/>.
/// </remarks>
public abstract class KmCmdlet : PSCmdlet, IDisposable
{
    private readonly PipelinePump _pump = new();
    private readonly CmdletPipeline _pipeline;
    private readonly VaultReader _vaults;
    private KeyManagerServices? _services;
    private bool _mayMakeStore;

    protected KmCmdlet()
    {
        _pipeline = new CmdletPipeline(this, _pump);
        _vaults = new VaultReader(this, _pipeline);
    }

    /// <summary>
    /// Path of the store to use. Default: the environment variable KM_STORE, else the store of the user, else that of the machine where this user may read it;
    /// for root that of the machine.
    /// </summary>
    [Parameter]
    public string? StorePath { get; set; }

    /// <summary>Takes the place of the composition root in tests.</summary>
    internal Func<string?, KeyManagerServices>? OpenServices { get; set; }

    /// <summary>
    /// What the cmdlet works with. The first use opens the store, so use it in the Async methods only. A cmdlet that changes something makes
    /// the store when there is none, except under -WhatIf.
    /// </summary>
    protected KeyManagerServices Services => _services ??= OpenServices is null ? OpenStore() : OpenServices(StoreFullPath);

    /// <summary>The full path that -StorePath or KM_STORE name; null when neither does.</summary>
    private protected string? StoreFullPath { get; private set; }

    /// <summary>False for the few cmdlets that make or replace the store themselves, or need none.</summary>
    private protected virtual bool NeedsStore => true;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual Task BeginProcessingAsync(IPipeline pipeline, CancellationToken cancellationToken) => Task.CompletedTask;

    protected virtual Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => Task.CompletedTask;

    protected virtual Task EndProcessingAsync(IPipeline pipeline, CancellationToken cancellationToken) => Task.CompletedTask;

    protected sealed override void BeginProcessing()
    {
        try
        {
            StoreFullPath = CompositionRoot.StorePath(StorePath, this);
            _mayMakeStore = NeedsStore && ForceRule.MayChange(this);
        }
        catch (KeyManagerException error)
        {
            ThrowTerminatingError(ErrorMapping.ToErrorRecord(error));
        }

        Run(BeginProcessingAsync, perItem: false);
    }

    protected sealed override void ProcessRecord() => Run(ProcessRecordAsync, perItem: true);

    protected sealed override void EndProcessing() => Run(EndProcessingAsync, perItem: true);

    protected sealed override void StopProcessing() => _pump.Stop();

    /// <summary>True when the user (or the pipeline) gave the parameter, even with its default value.</summary>
    protected bool IsBound(string parameterName) => MyInvocation.BoundParameters.ContainsKey(parameterName);

    /// <summary>The full path of a file that need not exist: relative to the session's location, PSDrives translated, no wildcards.</summary>
    /// <exception cref="InvalidRequestException">It is not a path of the file system (KmInvalidParameter).</exception>
    protected Task<string> ResolvePathAsync(IPipeline pipeline, string path) =>
        (pipeline ?? throw new ArgumentNullException(nameof(pipeline))).InvokeAsync(() => PathParameter.Resolve(this, path));

    /// <summary>The same of a path that need not be given; <c>null</c> for none.</summary>
    private protected async Task<string?> ResolveOptionalPathAsync(IPipeline pipeline, string? path) => path is null ? null : await ResolvePathAsync(pipeline, path).ConfigureAwait(false);

    /// <summary>The full paths of the files that a path with or without wildcards means.</summary>
    /// <exception cref="NotFoundException">There is none (KmFileNotFound).</exception>
    /// <exception cref="InvalidRequestException">It is not a path of the file system (KmInvalidParameter).</exception>
    protected Task<IReadOnlyList<string>> ResolveExistingPathsAsync(IPipeline pipeline, string path) =>
        (pipeline ?? throw new ArgumentNullException(nameof(pipeline))).InvokeAsync(() => PathParameter.ResolveExisting(this, path));

    /// <summary>What was given for an account, in a table and in parameters of its own.</summary>
    /// <exception cref="CredentialException">KmVaultUnavailable, KmVaultSecretNotFound: a secret is said to lie in a vault, and does not.</exception>
    private protected async Task<GivenSettings> GivenAsync(IPipeline pipeline, Hashtable? table, SettingParameters? parameters)
    {
        GivenSettings given = new(
            SettingTable.ToDictionary(table, parameters is null ? [] : await parameters.ValuesAsync(path => ResolvePathAsync(pipeline, path)).ConfigureAwait(false)),
            parameters?.Secrets() ?? new Dictionary<string, SecretText>());
        try
        {
            given.Check();
            return given;
        }
        catch
        {
            given.Dispose();
            throw;
        }
    }

    /// <summary>Looks into the store before the command begins, for its parameters; <c>default</c> when there is none or it cannot be read.</summary>
    private protected T? Peek<T>(Func<KeyManagerServices, T?> look)
    {
        try
        {
            return look((OpenServices ?? CompositionRoot.PeekServices)(CompositionRoot.StorePath(StorePath, this)));
        }
        catch (Exception)
        {
            // A parameter less is no reason for an error; the command itself will say what is wrong.
            return default;
        }
    }

    /// <summary>Does something with each of the things that a parameter names: one that fails is one error, and the others are done.</summary>
    /// <param name="pipeline">For the errors.</param>
    /// <param name="items">The things.</param>
    /// <param name="isList">False when the only thing was named: its error is then the one of the command, and leaves.</param>
    /// <param name="action">What to do.</param>
    private protected static async Task ForEachAsync<T>(IPipeline pipeline, IEnumerable<T> items, bool isList, Func<T, Task> action)
    {
        foreach (T item in items)
        {
            try
            {
                await action(item).ConfigureAwait(false);
            }
            catch (KeyManagerException error) when (isList && !ErrorMapping.EndsCommand(error, true))
            {
                await pipeline.WriteErrorAsync(error).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What names mean, literally or as patterns; see <see cref="NamePattern"/>.</summary>
    /// <param name="pipeline">For the errors.</param>
    /// <param name="names">The names as users gave them.</param>
    /// <param name="all">All there are.</param>
    /// <param name="namesOf">The names of an item; one that fits is enough.</param>
    /// <param name="resolve">What a name without wildcards means that fits none, or the error that says so: one error, and the other names are looked up.</param>
    private protected static async Task<IReadOnlyList<T>> FindNamedAsync<T>(IPipeline pipeline, IEnumerable<string> names, IReadOnlyCollection<T> all, Func<T, IEnumerable<string?>> namesOf, Func<string, T> resolve)
    {
        List<T> found = [];
        await ForEachAsync(pipeline, names, isList: true, name =>
        {
            NamePattern pattern = new(name);
            IReadOnlyList<T> meant = pattern.Select(all, namesOf);
            found.AddRange(meant.Count > 0 || pattern.HasWildcards ? meant : [resolve(name)]);
            return Task.CompletedTask;
        }).ConfigureAwait(false);
        return found;
    }

    /// <summary>Writes one after the other, as they come.</summary>
    private protected static async Task WriteAllAsync<T>(IPipeline pipeline, IEnumerable<T> items, CancellationToken cancellationToken)
        where T : notnull
    {
        foreach (T item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await pipeline.WriteObjectAsync(item).ConfigureAwait(false);
        }
    }

    /// <summary>Does something with each file that the paths mean; one that fails is one error.</summary>
    private protected async Task ForEachFileAsync(IPipeline pipeline, IEnumerable<string> paths, Func<string, Task> action, CancellationToken cancellationToken)
    {
        foreach (string path in paths)
        {
            IReadOnlyList<string> files = await ResolveExistingPathsAsync(pipeline, path).ConfigureAwait(false);
            await ForEachAsync(pipeline, files, isList: true, file =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return action(file);
            }).ConfigureAwait(false);
        }
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Nothing that this command started may go on for it once PowerShell has done with it.
            _pump.Stop();
            _vaults.Dispose();
        }
    }

    private KeyManagerServices OpenStore()
    {
        StoreLocation location = CompositionRoot.Locate(StoreFullPath, null);
        KeyManagerServices services = CompositionRoot.GetServices(location, _mayMakeStore, out bool isNew);
        if (isNew)
        {
            _pipeline.Warn($"A new store was made: '{location.Path}', protected by {string.Join(", ", services.Store.Protection.List())}. "
                + "Add a passphrase for recovery with Add-KmKeyProtector -Passphrase.");
        }

        return services;
    }

    private void Run(Func<IPipeline, CancellationToken, Task> body, bool perItem)
    {
        // Not overridden: no need to wake a worker.
        if (body.Method.DeclaringType == typeof(KmCmdlet))
        {
            return;
        }

        Exception? error = _pump.Run(cancellationToken =>
        {
            SecretVaults.Current = _vaults;
            return body(_pipeline, cancellationToken);
        });
        if (_pump.IsStopped || error is PipelineStoppedException)
        {
            throw error as PipelineStoppedException ?? new PipelineStoppedException();
        }

        // Over without a stop: PowerShell was told so already, by the exception that travelled.
        if (error is null || _pump.IsOver)
        {
            return;
        }

        ErrorRecord record = ErrorMapping.ToErrorRecord(error);
        if (perItem && !ErrorMapping.EndsCommand(error, MyInvocation.ExpectingInput))
        {
            WriteError(record);
        }
        else
        {
            ThrowTerminatingError(record);
        }
    }
}
