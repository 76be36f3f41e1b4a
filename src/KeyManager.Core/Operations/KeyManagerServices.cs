using System;

namespace KeyManager.Operations;

/// <summary>Everything a cmdlet can call, bound to one open store. One instance serves a whole process and may be used from several threads.</summary>
public sealed class KeyManagerServices : IDisposable
{
    public void Dispose()
    {
    }
}
