using System;
using KeyManager.Dns;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>Turns what Azure Resource Manager refuses into errors.</summary>
internal static class AzureErrors
{
    private const string Role = "DNS Zone Contributor";
    private const string Delay = "A new role takes up to ten minutes to work.";

    /// <summary>Status 401, also with a new token.</summary>
    public static KeyManagerException Unauthorized(AzureSettings settings, HttpAnswer answer)
    {
        if (ArmError.TryRead(answer) is not ArmError error)
        {
            return Strange(settings, answer);
        }

        string remedy = error.Code switch
        {
            "InvalidAuthenticationTokenTenant" => $"The subscription belongs to another tenant: look at -{AzureSettings.TenantId} and -{AzureSettings.SubscriptionId}.",
            "InvalidAuthenticationTokenAudience" =>
                $"The token is for something else: look at -{AzureSettings.Environment} and -{AzureSettings.Audience}; a pasted token has to be for {settings.Cloud.Management}.",
            "ExpiredAuthenticationToken" => $"Give a new token with -{AzureSettings.AccessToken}, or look whether the clock of this machine is right.",
            _ => $"Look at the credentials of the account: Get-KmDnsAccount {settings.Context.Account.Name}.",
        };
        return ServiceErrors.Rejected(settings.Context, error.Words, remedy);
    }

    /// <summary>The zones could not be listed.</summary>
    /// <param name="settings">The account.</param>
    /// <param name="subscription">Whose zones.</param>
    /// <param name="answer">What came.</param>
    public static KeyManagerException Listing(AzureSettings settings, string subscription, HttpAnswer answer)
    {
        DnsContext context = settings.Context;
        string where = context.Setting(AzureSettings.ResourceGroup) is string group ? $"the resource group {group} of the subscription {subscription}" : $"the subscription {subscription}";
        return ArmError.TryRead(answer) is not ArmError error ? Strange(settings, answer) : answer.Status switch
        {
            403 => ServiceErrors.RightMissing(
                context,
                $"list the zones of {where}",
                error.Words,
                $"Give its identity the role {Role} at the zone or its resource group; or, when it is to have a right on a record only, name the zone with -{AzureSettings.ZoneId}. {Delay}"),
            404 => new NotFoundException(ErrorIds.DnsZoneNotFound, $"The DNS account {context.Account} finds nothing at {where}: {error.Words}")
            {
                Target = subscription,
                Remedy = $"Look at -{AzureSettings.SubscriptionId}, -{AzureSettings.ResourceGroup} and -{AzureSettings.Environment}, and whether its identity has a role there.",
            },
            _ => ServiceErrors.Refused(context, $"list the zones of {where}", error.Words, Remedy(error)),
        };
    }

    /// <summary>A record set could not be read or written.</summary>
    /// <param name="settings">The account.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="what">What was tried, such as "write the TXT records of _acme-challenge.contoso.com".</param>
    /// <param name="answer">What came.</param>
    public static KeyManagerException OfRecords(AzureSettings settings, AzureZoneId zone, string what, HttpAnswer answer) =>
        ArmError.TryRead(answer) is not ArmError error ? Strange(settings, answer) : answer.Status switch
        {
            403 => ServiceErrors.RightMissing(
                settings.Context,
                $"{what} in the zone {zone.Name}",
                error.Words,
                $"Give its identity the role {Role} at {zone}, or a role of your own with Microsoft.Network/dnsZones/TXT/* and, for aliases, Microsoft.Network/dnsZones/CNAME/*. {Delay}"),
            404 => ServiceErrors.ZoneNotFound(settings.Context, zone.Name, error.Words),
            _ => ServiceErrors.Refused(settings.Context, $"{what} in the zone {zone.Name}", error.Words, Remedy(error), isTransient: answer.Status == 412 || IsBusy(answer)),
        };

    /// <summary>An answer that is none of Azure's.</summary>
    public static KeyManagerException Strange(AzureSettings settings, HttpAnswer answer) =>
        ServiceErrors.Unreadable(settings.Context, answer.Url, answer.Status, "it is no answer of Azure Resource Manager");

    /// <summary>True for another change that is going on, which is over in a moment. A lock is none.</summary>
    public static bool IsBusy(HttpAnswer answer) => answer.Status == 409 && ArmError.TryRead(answer) is ArmError error && (error.Is("Conflict") || error.Is("AnotherOperationInProgress"));

    private static string? Remedy(ArmError error) => error.Code switch
    {
        "ScopeLocked" => "A lock in Azure forbids it: take the lock off the zone, its resource group or its subscription, or lower it from ReadOnly to CanNotDelete.",
        "PreconditionFailed" => "Another program changes the same records without end: find it, then run the command again; nothing is lost.",
        "InvalidApiVersionParameter" or "NoRegisteredProviderFound" or "MissingSubscriptionRegistration" =>
            $"Look at -{AzureSettings.Environment} and -{DnsSettings.BaseUrl}, and whether the resource provider Microsoft.Network is registered in the subscription.",
        _ => null,
    };
}
