using System;

namespace KeyManager.Providers.Storage;

/// <summary>Bytes as upper-case hexadecimal digits.</summary>
internal static class Hexadecimal
{
    public static string Encode(byte[] bytes) => BitConverter.ToString(bytes).Replace("-", "");
}
