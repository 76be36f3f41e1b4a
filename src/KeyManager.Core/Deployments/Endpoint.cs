namespace KeyManager.Deployments;

/// <summary>Where a service answers.</summary>
/// <param name="Host">Name or address to connect to.</param>
/// <param name="Port">Port.</param>
/// <param name="Protocol">What is said before TLS.</param>
/// <param name="ServerName">The name that is asked for (SNI); <c>null</c> takes the host.</param>
public sealed record Endpoint(string Host, int Port, EndpointProtocol Protocol = EndpointProtocol.Tls, string? ServerName = null)
{
    public override string ToString() => (Host.IndexOf(':') >= 0 ? $"[{Host}]:{Port}" : $"{Host}:{Port}") + (Protocol == EndpointProtocol.Tls ? "" : $" ({Protocol})");
}
