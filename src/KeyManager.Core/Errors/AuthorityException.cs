using System;

namespace KeyManager;

/// <summary>The certificate authority refused, or answered something that cannot be used.</summary>
public sealed class AuthorityException(string errorId, string message, Exception? innerException = null)
    : KeyManagerException(errorId, message, innerException)
{
    public override bool IsRefusal => InnerException is null or KeyManagerException;
}
