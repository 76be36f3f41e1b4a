using System;

namespace KeyManager;

/// <summary>The thing exists already, is in use, or is in a state in which this cannot be done.</summary>
public sealed class ConflictException(ConflictKind kind, string errorId, string message, Exception? innerException = null)
    : KeyManagerException(errorId, message, innerException)
{
    /// <summary>Which kind of conflict; decides the error category.</summary>
    public ConflictKind Kind { get; } = kind;
}
