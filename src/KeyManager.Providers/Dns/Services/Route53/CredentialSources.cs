using System;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Files;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>Gets the credentials of an account. Those that were handed out for a time are kept, and replaced before they end; a lasting key is read for each request. May be used from several threads.</summary>
internal sealed class CredentialSources(HttpChannels channels, Clock clock, HostEnvironment environment)
{
    private readonly AccountCache<AwsCredentials> _kept = new(clock);
    private readonly InstanceMetadata _instance = new(channels, clock, environment);
    private readonly ContainerCredentials _container = new(channels, clock, environment);
    private readonly CredentialProgram _program = new(clock);
    private readonly SecurityTokenService _sts = new(channels, clock);

    /// <summary>Credentials to sign with; <see cref="AwsCredentials.Release"/> them afterwards.</summary>
    public async Task<AwsCredentials> GetAsync(DnsContext context, CancellationToken cancellationToken)
    {
        CredentialPlanner planner = new(context, environment);
        CredentialPlan plan = planner.Plan();
        if (plan is CredentialPlan.Keys keys)
        {
            return keys.Read();
        }

        string region = planner.Region();
        return await _kept.GetAsync(context, Key(context), FindAsync, cancellationToken).ConfigureAwait(false);

        async Task<(AwsCredentials, TimeSpan)> FindAsync()
        {
            AwsCredentials found = await FollowAsync(context, plan, region, cancellationToken).ConfigureAwait(false);
            context.Reporter.Verbose($"AWS handed out the access key {found.AccessKeyId}{(found.Expiration is DateTimeOffset end ? $", good until {end.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "")}.");
            return (found, found.GoodFor(clock.UtcNow));
        }
    }

    /// <summary>Forgets kept ones: the service says that they have ended.</summary>
    public void Forget(DnsContext context) => _kept.Forget(context, Key(context));

    private static string Key(DnsContext context) => new Route53Settings(context).Key;

    private async Task<AwsCredentials> FollowAsync(DnsContext context, CredentialPlan plan, string region, CancellationToken cancellationToken)
    {
        switch (plan)
        {
            case CredentialPlan.Keys keys:
                return keys.Read();
            case CredentialPlan.Instance:
                return await _instance.GetAsync(context, cancellationToken).ConfigureAwait(false);
            case CredentialPlan.Container:
                return await _container.GetAsync(context, cancellationToken).ConfigureAwait(false);
            case CredentialPlan.Program program:
                return await _program.RunAsync(context, program, cancellationToken).ConfigureAwait(false);
            case CredentialPlan.WebIdentity identity:
                return await _sts.AssumeRoleAsync(context, region, identity.TokenPath, identity.To, cancellationToken).ConfigureAwait(false);
            case CredentialPlan.Role role:
                AwsCredentials by = await FollowAsync(context, role.By, region, cancellationToken).ConfigureAwait(false);
                try
                {
                    return await _sts.AssumeRoleAsync(context, region, by, role.To, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    Array.Clear(by.SecretAccessKey, 0, by.SecretAccessKey.Length);
                }

            default:
                throw new InvalidOperationException($"There is no way to follow {plan.GetType().Name}.");
        }
    }
}
