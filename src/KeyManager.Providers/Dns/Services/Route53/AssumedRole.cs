namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>A role, and how it is assumed.</summary>
/// <param name="Arn">Which.</param>
/// <param name="SessionName">What the session is called in the logs of AWS.</param>
/// <param name="Duration">Seconds that it lasts.</param>
/// <param name="ExternalId">What its trust policy asks for; <c>null</c> for nothing.</param>
internal sealed record AssumedRole(string Arn, string SessionName, int Duration, string? ExternalId = null);
