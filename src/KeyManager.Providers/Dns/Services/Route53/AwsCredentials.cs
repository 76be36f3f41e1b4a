using System;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>What signs requests. No record, so that nothing prints the secret.</summary>
/// <param name="accessKeyId">Goes along in the clear.</param>
/// <param name="secretAccessKey">Never leaves this machine.</param>
/// <param name="sessionToken">Goes along with a temporary key; <c>null</c> for a lasting one.</param>
/// <param name="expiration">When it ends; <c>null</c> when nobody said so, and then it is read anew for each request.</param>
internal sealed class AwsCredentials(string accessKeyId, byte[] secretAccessKey, string? sessionToken, DateTimeOffset? expiration)
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(15);

    public string AccessKeyId { get; } = accessKeyId;

    public byte[] SecretAccessKey { get; } = secretAccessKey;

    public string? SessionToken { get; } = sessionToken;

    public DateTimeOffset? Expiration { get; } = expiration;

    /// <summary>True when it was handed out for a time and another can be had.</summary>
    public bool IsRenewable => Expiration is not null;

    /// <summary>How long it may be kept: so that it does not end in the middle of an order.</summary>
    public TimeSpan GoodFor(DateTimeOffset now)
    {
        TimeSpan left = (Expiration ?? now) - now;
        return left > RenewBefore + RenewBefore ? left - RenewBefore : TimeSpan.FromTicks(Math.Max(0, left.Ticks / 2));
    }

    /// <summary>Overwrites the secret, unless it is kept for the next request.</summary>
    public void Release()
    {
        if (!IsRenewable)
        {
            Array.Clear(SecretAccessKey, 0, SecretAccessKey.Length);
        }
    }
}
