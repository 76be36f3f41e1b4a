using System;

namespace KeyManager;

/// <summary>A service asks for fewer requests; RetryAfter says until when.</summary>
public sealed class RateLimitException(string errorId, string message, Exception? innerException = null)
    : KeyManagerException(errorId, message, innerException);
