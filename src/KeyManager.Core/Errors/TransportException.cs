using System;

namespace KeyManager;

/// <summary>A service could not be reached, or the connection broke.</summary>
public sealed class TransportException(string errorId, string message, Exception? innerException = null)
    : KeyManagerException(errorId, message, innerException);
