using System;

namespace KeyManager;

/// <summary>A key, CSR, certificate or keystore is unreadable, wrong, weak or does not fit.</summary>
public sealed class KeyMaterialException(string errorId, string message, Exception? innerException = null)
    : KeyManagerException(errorId, message, innerException);
