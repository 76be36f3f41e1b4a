using System;

namespace KeyManager;

/// <summary>Control of a domain could not be proved.</summary>
public sealed class ChallengeException(string errorId, string message, Exception? innerException = null)
    : KeyManagerException(errorId, message, innerException);
