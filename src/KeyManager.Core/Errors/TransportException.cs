using System;

namespace KeyManager;

/// <summary>A service could not be reached, or the connection broke.</summary>
public sealed class TransportException(string errorId, string message, Exception? innerException = null)
    : KeyManagerException(errorId, message, innerException)
{
    /// <summary>True when it is certain that the request never arrived: no address, no connection, no trust in the certificate.</summary>
    public bool WasNeverSent { get; init; }

    /// <summary>True when somebody took the connection, and what went wrong came after that.</summary>
    public bool HasAnswered { get; init; }
}
