using System;

namespace KeyManager;

/// <summary>Base of every error that KeyManager reports on purpose. Anything else that escapes is a defect.</summary>
/// <remarks>
/// The message names the thing, <see cref="Remedy"/> says what to do. Neither ever holds a secret.
/// </remarks>
public abstract class KeyManagerException : Exception
{
    protected KeyManagerException(string errorId, string message, Exception? innerException = null)
        : base(message, innerException) => ErrorId = errorId;

    /// <summary>Stable identifier, one per cause, documented in about_KeyManager; see <see cref="ErrorIds"/>.</summary>
    public string ErrorId { get; }

    /// <summary>What the user can do; <c>null</c> when there is nothing to say beyond the message.</summary>
    public string? Remedy { get; init; }

    /// <summary>The thing it is about (a name, an id, a path); becomes the TargetObject of the error record.</summary>
    public object? Target { get; init; }

    /// <summary>The time before which another attempt is useless; <c>null</c> when unknown.</summary>
    public DateTimeOffset? RetryAfter { get; init; }

    /// <summary>True for a clear no of whoever was asked: nothing has begun there. An answer that could not be read, its parser's exception inside, is none.</summary>
    public virtual bool IsRefusal => false;

    /// <summary>True for a no that is about the account, such as its credentials or its money: once that is mended, the same can be asked for again.</summary>
    public bool ConcernsAccount { get; init; }

    /// <summary>True when the same call may succeed later without any change by the user.</summary>
    public bool IsTransient { get; init; }
}
