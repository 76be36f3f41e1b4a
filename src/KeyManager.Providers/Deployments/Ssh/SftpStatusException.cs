using System;

namespace KeyManager.Providers.Deployments.Ssh;

/// <summary>The server refused a request.</summary>
internal sealed class SftpStatusException(uint code, string text) : Exception(text.Length > 0 ? text : $"status {code}")
{
    public const uint EndOfFile = 1;
    public const uint NoSuchFile = 2;
    public const uint PermissionDenied = 3;

    public uint Code { get; } = code;
}
