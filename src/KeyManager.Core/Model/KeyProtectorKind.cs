namespace KeyManager;

/// <summary>What a protector takes its key from.</summary>
public enum KeyProtectorKind
{
    /// <summary>Windows data protection for one user.</summary>
    DpapiUser,

    /// <summary>Windows data protection for the machine, with the file rights as the real lock.</summary>
    DpapiMachine,

    /// <summary>32 random bytes in a file that only the owner can read; a mounted secret or a systemd credential does too.</summary>
    KeyFile,

    /// <summary>A passphrase (Argon2id), for recovery and for moving to another machine.</summary>
    Passphrase,
}
