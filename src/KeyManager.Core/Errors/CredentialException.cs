using System;

namespace KeyManager;

/// <summary>A credential was refused or is missing.</summary>
public sealed class CredentialException(string errorId, string message, Exception? innerException = null)
    : KeyManagerException(errorId, message, innerException)
{
    public override bool IsRefusal => true;
}
