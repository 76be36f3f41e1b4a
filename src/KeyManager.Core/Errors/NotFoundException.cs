using System;

namespace KeyManager;

/// <summary>A stored thing that was named does not exist.</summary>
public sealed class NotFoundException(string errorId, string message, Exception? innerException = null)
    : KeyManagerException(errorId, message, innerException);
