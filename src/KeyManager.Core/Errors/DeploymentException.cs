using System;

namespace KeyManager;

/// <summary>A file or a certificate could not be put where it belongs.</summary>
public sealed class DeploymentException(string errorId, string message, Exception? innerException = null)
    : KeyManagerException(errorId, message, innerException);
