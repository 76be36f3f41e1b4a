using System;

namespace KeyManager.Providers.Keys;

/// <summary>
/// Says what is wrong with bytes, deep inside a reader that does not know where they came from. <see cref="UntrustedBytes"/> turns it
/// into a <see cref="KeyMaterialException"/> that names the source; it never leaves this assembly.
/// </summary>
/// <param name="errorId">One of <see cref="ErrorIds"/>; <c>null</c> for the usual one of the reader that asked.</param>
/// <param name="problem">Words that continue the sentence "The file …", without the final dot.</param>
/// <param name="remedy">What to do about it.</param>
internal sealed class UnusableBytesException(string? errorId, string problem, string? remedy = null, Exception? innerException = null)
    : Exception(problem, innerException)
{
    public string? ErrorId { get; } = errorId;

    public string Problem { get; } = problem;

    public string? Remedy { get; } = remedy;
}
