using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Support.SslStore;

/// <summary>What goes wrong with the next call.</summary>
/// <param name="Cut">Where the connection ends; the work was done.</param>
/// <param name="Error">An answer with isError in the place of the work.</param>
/// <param name="Body">This body in the place of the answer; the work was done.</param>
/// <param name="Status">This status in the place of the work.</param>
/// <param name="RetryAfter">With it this header.</param>
/// <param name="IsBeforeWork">The connection ends before anything is done.</param>
internal sealed record SslStoreFault(ConnectionCut Cut = ConnectionCut.None, string? Error = null, string? Body = null, int Status = 200, string? RetryAfter = null, bool IsBeforeWork = false);
