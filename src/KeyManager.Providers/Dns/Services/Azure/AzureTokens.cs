using System;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>The tokens of all accounts, kept until shortly before they end.</summary>
internal sealed class AzureTokens(HttpChannels channels, Clock clock, AzureMachine machine)
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private readonly AccountCache<AccessToken> _tokens = new(clock);
    private readonly TokenEndpoint _endpoint = new(channels, clock);
    private readonly ManagedIdentity _identity = new(channels, clock, machine);

    /// <summary>A token that is good now.</summary>
    /// <exception cref="CredentialException">KmDnsCredentialRejected, KmDnsClockWrong.</exception>
    public Task<AccessToken> GetAsync(AzureSettings settings, CancellationToken cancellationToken) => settings.HasReadyMadeToken
        ? Task.FromResult(ReadyMade(settings))
        : _tokens.GetAsync(
            settings.Context,
            settings.Identity,
            async () =>
            {
                AccessToken token = settings.UsesManagedIdentity
                    ? await _identity.GetTokenAsync(settings, cancellationToken).ConfigureAwait(false)
                    : await _endpoint.GetTokenAsync(settings, cancellationToken).ConfigureAwait(false);
                TimeSpan left = token.End - clock.UtcNow;
                return (token, left > Early + Early ? left - Early : TimeSpan.FromTicks(left.Ticks / 2));
            },
            cancellationToken);

    /// <summary>Another token, when this one was not taken.</summary>
    /// <returns><c>null</c> when there can be no other.</returns>
    public async Task<AccessToken?> RenewAsync(AzureSettings settings, AccessToken refused, CancellationToken cancellationToken)
    {
        if (settings.HasReadyMadeToken)
        {
            return null;
        }

        if (ReferenceEquals(await GetAsync(settings, cancellationToken).ConfigureAwait(false), refused))
        {
            _tokens.Forget(settings.Context, settings.Identity);
        }

        return await GetAsync(settings, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Refuses a token that was pasted and is for something else.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public static void CheckReadyMade(AzureSettings settings)
    {
        if (Pasted(settings) is not string text)
        {
            return;
        }

        (AccessToken _, string audience) = AccessToken.TryDecode(text)
            ?? throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The setting {AzureSettings.AccessToken} is no access token of Azure.")
            {
                Target = AzureSettings.AccessToken,
                Remedy = "Give the accessToken of az account get-access-token, or the Token of Get-AzAccessToken: three parts with dots between them.",
            };
        foreach (string good in settings.Audiences)
        {
            if (string.Equals(good, audience.TrimEnd('/'), StringComparison.OrdinalIgnoreCase))
            {
                return;
            }
        }

        throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The access token is for {audience}, and not for the management of Azure ({settings.Audiences[0]}).")
        {
            Target = audience,
            Remedy = $"Get one with: az account get-access-token --resource {settings.Resource}; or name the right cloud with -{AzureSettings.Environment}.",
        };
    }

    private AccessToken ReadyMade(AzureSettings settings)
    {
        CheckReadyMade(settings);
        AccessToken token = AccessToken.TryDecode(Pasted(settings)!)!.Value.Token; // checked above
        return token.End > clock.UtcNow
            ? token
            : throw ServiceErrors.Rejected(
                settings.Context,
                $"the access token ended on {token.End.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC",
                $"Give a new one: Set-KmDnsAccount -{AzureSettings.AccessToken}. For renewal without anybody, use an app registration or a managed identity.");
    }

    private static string? Pasted(AzureSettings settings)
    {
        const string Scheme = "Bearer ";
        string? text = settings.Context.GetSecretText(AzureSettings.AccessToken);
        return text?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true ? text.Substring(Scheme.Length).Trim() : text;
    }
}
