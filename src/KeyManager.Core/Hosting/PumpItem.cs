using System;
using System.Threading.Tasks;

namespace KeyManager.Hosting;

/// <summary>One thing that a <see cref="PipelinePump"/> does on the calling thread.</summary>
internal abstract class PumpItem
{
    /// <summary>Runs it. Returns the exception that must end the whole run, or null.</summary>
    public abstract Exception? Run();

    /// <summary>Answers whoever waits for it: it will not run any more.</summary>
    public abstract void Reject();
}

/// <summary>A <see cref="PumpItem"/> with a result that somebody awaits.</summary>
internal sealed class PumpItem<T>(Func<T> function, bool failureEndsRun) : PumpItem
{
    // Asynchronous continuations: the code after an await must not start to run on the calling thread, inside its pump.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _done.Task;

    public override Exception? Run()
    {
        try
        {
            _done.TrySetResult(function());
            return null;
        }
        catch (Exception error) when (failureEndsRun)
        {
            // The pump keeps the exception and lets it travel; the work learns only that it is over, as it would by Ctrl-C,
            // so that no operation mistakes "nobody wants more output" for a failure of its own.
            _done.TrySetCanceled();
            return error;
        }
        catch (Exception error)
        {
            _done.TrySetException(error);
            return null;
        }
    }

    public override void Reject() => _done.TrySetCanceled();
}
