using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace KeyManager.Providers.Secrets;

/// <summary>
/// Key bytes that the garbage collector does not copy around and that are overwritten when no longer needed. The best that managed code can
/// do: copies inside the cipher of the moment are out of reach.
/// </summary>
internal sealed class SecretBytes : IDisposable
{
    private GCHandle _pin;

    public SecretBytes(int length)
    {
        Bytes = new byte[length];
        _pin = GCHandle.Alloc(Bytes, GCHandleType.Pinned);
    }

    ~SecretBytes() => Clear();

    public byte[] Bytes { get; }

    public static SecretBytes Random(int length)
    {
        SecretBytes made = new(length);
        using RandomNumberGenerator generator = RandomNumberGenerator.Create();
        generator.GetBytes(made.Bytes);
        return made;
    }

    /// <summary>Takes the bytes over and overwrites the array they came in.</summary>
    public static SecretBytes Take(byte[] bytes)
    {
        SecretBytes taken = new(bytes.Length);
        Buffer.BlockCopy(bytes, 0, taken.Bytes, 0, bytes.Length);
        Array.Clear(bytes, 0, bytes.Length);
        return taken;
    }

    public SecretBytes Copy()
    {
        SecretBytes copy = new(Bytes.Length);
        Buffer.BlockCopy(Bytes, 0, copy.Bytes, 0, Bytes.Length);
        return copy;
    }

    public void Dispose()
    {
        Clear();
        GC.SuppressFinalize(this);
    }

    private void Clear()
    {
        Array.Clear(Bytes, 0, Bytes.Length);
        if (_pin.IsAllocated)
        {
            _pin.Free();
        }
    }
}
