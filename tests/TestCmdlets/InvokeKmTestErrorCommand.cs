using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.TestCmdlets;

/// <summary>Fails in the way it is told.</summary>
/// <example><code>'NotFound', 'None' | Invoke-KmTestError</code><para>Fails once and writes once.</para></example>
[Cmdlet(VerbsLifecycle.Invoke, "KmTestError")]
[OutputType(typeof(string))]
public sealed class InvokeKmTestErrorCommand : KmCmdlet
{
    /// <summary>The kind of failure; None writes the word instead.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string Kind { get; set; } = "";

    /// <summary>Writes the error instead of throwing it, and an object after it.</summary>
    [Parameter]
    public SwitchParameter Write { get; set; }

    /// <summary>Fails before the first item.</summary>
    [Parameter]
    public SwitchParameter AtBegin { get; set; }

    /// <inheritdoc/>
    protected override Task BeginProcessingAsync(IPipeline pipeline, CancellationToken cancellationToken) =>
        AtBegin && Failure("NotFound") is { } error ? throw error : Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        // A worker for certain, and an exception with an await behind it.
        await Task.Yield();
        Exception? error = Failure(Kind);
        if (error is not null && !Write)
        {
            throw error;
        }

        if (error is not null)
        {
            await pipeline.WriteErrorAsync(error, "target of " + Kind).ConfigureAwait(false);
        }

        await pipeline.WriteObjectAsync("after " + Kind).ConfigureAwait(false);
    }

    private static Exception? Failure(string kind) => kind switch
    {
        "InvalidRequest" => new InvalidRequestException(ErrorIds.InvalidDomainName, "The name is bad.") { Target = "bad", Remedy = "Give a good one." },
        "NotFound" => new NotFoundException(ErrorIds.OrderNotFound, "There is no such order.") { Target = "order1" },
        "Credential" => new CredentialException(ErrorIds.WrongPassword, "No."),
        "Store" => new StoreException(ErrorIds.StoreLocked, "The store is locked.") { Remedy = "Run Unlock-KmStore." },
        "RateLimit" => new RateLimitException("KmRateLimited", "Too many.") { RetryAfter = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero) },
        "Unexpected" => new InvalidOperationException("Oops: token=abcdefghijkl"),
        "Cancelled" => new OperationCanceledException("Somebody else's."),
        _ => null,
    };
}
