using System;

namespace KeyManager.Tests.Dns.Services;

/// <summary>A no of AWS that its documents foresee: no fault of the client's form.</summary>
internal sealed class AwsRefusal(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;
}
