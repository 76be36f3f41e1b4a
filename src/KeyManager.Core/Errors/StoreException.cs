using System;

namespace KeyManager;

/// <summary>The store cannot be used: locked, busy, damaged, too new, not writable.</summary>
public sealed class StoreException(string errorId, string message, Exception? innerException = null)
    : KeyManagerException(errorId, message, innerException);
