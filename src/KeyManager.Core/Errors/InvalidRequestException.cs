using System;

namespace KeyManager;

/// <summary>The user asked for something that cannot be: a bad name, an option that does not fit, a missing value.</summary>
public sealed class InvalidRequestException(string errorId, string message, Exception? innerException = null)
    : KeyManagerException(errorId, message, innerException)
{
    public override bool IsRefusal => true;
}
