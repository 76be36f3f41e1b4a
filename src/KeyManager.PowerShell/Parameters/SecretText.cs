using System;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace KeyManager.PowerShell;

/// <summary>
/// The text of a SecureString for as long as a call needs it; disposing overwrites every copy that this class made. Open it late, in
/// the Async method that hands it on.
/// </summary>
/// <example><code>using SecretText token = new(AuthToken); await Services.AddAccount.RunAsync(token.Utf8, ...)</code></example>
public sealed class SecretText : IDisposable
{
    private readonly char[] _characters;
    private readonly GCHandle _pin;
    private byte[]? _utf8;
    private bool _disposed;

    /// <summary>Takes a copy; the SecureString stays the caller's.</summary>
    public SecretText(SecureString secret)
    {
        _characters = new char[(secret ?? throw new ArgumentNullException(nameof(secret))).Length];
        // Pinned, so that the collector leaves no second copy behind when it compacts.
        _pin = GCHandle.Alloc(_characters, GCHandleType.Pinned);
        IntPtr copy = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            Marshal.Copy(copy, _characters, 0, _characters.Length);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(copy);
        }
    }

    /// <summary>The text. Valid until disposed; do not keep it.</summary>
    public char[] Characters => _disposed ? throw new ObjectDisposedException(nameof(SecretText)) : _characters;

    /// <summary>The text in UTF-8. Valid until disposed; do not keep it.</summary>
    public byte[] Utf8 => _utf8 ??= Encoding.UTF8.GetBytes(Characters);

    /// <summary>True for an empty secret.</summary>
    public bool IsEmpty => _characters.Length == 0;

    /// <summary>
    /// The text as a string, which nobody can overwrite: only for an API that takes nothing else, in the very expression that calls it.
    /// </summary>
    public string Reveal() => new(Characters);

    /// <summary>Overwrites the copies.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Array.Clear(_characters, 0, _characters.Length);
        if (_utf8 is not null)
        {
            Array.Clear(_utf8, 0, _utf8.Length);
        }

        _pin.Free();
    }
}
