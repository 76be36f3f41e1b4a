using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Support.EmSign;

/// <summary>What goes wrong with the next call.</summary>
/// <param name="Cut">Where the connection ends; the work was done.</param>
/// <param name="Code">An answer with this code in the place of the work.</param>
/// <param name="Body">This body in the place of the answer; the work was done.</param>
/// <param name="Status">This status in the place of the work.</param>
/// <param name="RetryAfter">With it this header.</param>
/// <param name="IsBeforeWork">The connection ends before anything is done.</param>
internal sealed record EmSignFault(ConnectionCut Cut = ConnectionCut.None, int Code = 0, string? Body = null, int Status = 200, string? RetryAfter = null, bool IsBeforeWork = false);
