using System;
using System.Threading.Tasks;
using KeyManager.Hosting;

namespace KeyManager.PowerShell;

/// <summary>
/// What the body of a cmdlet may say to PowerShell. Every member may be called from any thread; everything is done on the pipeline's
/// own thread, in the order of the calls. When the pipeline is over (Ctrl-C, <c>Select-Object -First</c>, <c>-ErrorAction Stop</c>) the
/// awaited members throw <see cref="OperationCanceledException"/>: let it pass.
/// </summary>
public interface IPipeline : IReporter
{
    /// <summary>Writes one object as it is (a collection is not unrolled) and waits until the pipeline took it.</summary>
    Task WriteObjectAsync(object value);

    /// <summary>Writes a non-terminating error and waits until the pipeline took it.</summary>
    /// <param name="error">What went wrong; mapped by <see cref="ErrorMapping"/>.</param>
    /// <param name="target">The item it is about; null takes the target that the exception names.</param>
    Task WriteErrorAsync(Exception error, object? target = null);

    /// <summary>
    /// Asks -WhatIf and -Confirm before a change. With a -Force that the user gave, a cmdlet of high impact does not prompt.
    /// </summary>
    /// <param name="target">What is changed, for example "www.contoso.com".</param>
    /// <param name="action">What is done to it, for example "Revoke certificate".</param>
    Task<bool> ShouldProcessAsync(string target, string action);

    /// <summary>The same with words of one's own, for a change with a consequence that one must know, such as "HTTPS dies at once".</summary>
    /// <param name="target">The id or name of what is changed, for an error when nobody is here to answer.</param>
    /// <param name="verboseDescription">What will be done; -WhatIf and -Verbose show it.</param>
    /// <param name="verboseWarning">The question; the prompt shows it.</param>
    /// <param name="caption">The caption of the prompt.</param>
    Task<bool> ShouldProcessAsync(string target, string verboseDescription, string verboseWarning, string caption);

    /// <summary>
    /// Asks whether to go on, where nothing changes and yet one wants to know, such as before a very large search. -Force and -Confirm:$false say yes.
    /// </summary>
    /// <param name="target">What it is about, for an error when nobody is here to answer.</param>
    /// <param name="question">The question.</param>
    /// <param name="caption">The caption of the prompt.</param>
    Task<bool> ShouldContinueAsync(string target, string question, string caption);

    /// <summary>
    /// Runs a function on the pipeline's thread: whatever touches session state, script blocks or PowerShell objects with script
    /// properties. What it throws goes to the caller.
    /// </summary>
    Task<T> InvokeAsync<T>(Func<T> function);
}
