using System;

namespace KeyManager;

/// <summary>A renewal or a deployment of the engine failed; the id is the one of the cause.</summary>
public sealed class RenewalException(string errorId, string message, Exception? innerException = null)
    : KeyManagerException(errorId, message, innerException);
