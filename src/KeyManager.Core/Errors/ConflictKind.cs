namespace KeyManager;

/// <summary>What a <see cref="ConflictException"/> is about.</summary>
public enum ConflictKind
{
    /// <summary>A thing of that name exists already.</summary>
    Exists,

    /// <summary>Another process or command works on it right now.</summary>
    Busy,

    /// <summary>Its state does not allow this.</summary>
    State,
}
