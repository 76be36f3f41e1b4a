using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>Refuses an account that can never work, without asking Azure.</summary>
internal static class AzureCheck
{
    // Of a name of a tenant it is put into the address.
    private static readonly Regex Tenant = new(@"^[A-Za-z0-9]([A-Za-z0-9.\-]*[A-Za-z0-9])?$", RegexOptions.CultureInvariant);

    private static readonly Regex Group = new(@"^[\w.()\-]{1,90}$", RegexOptions.CultureInvariant);

    private static readonly string[] ManyTenants = ["common", "organizations", "consumers"];

    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmFileNotFound.</exception>
    public static void Run(AzureSettings settings, DateTimeOffset now)
    {
        DnsContext context = settings.Context;
        CheckZones(settings);
        if (context.Setting(AzureSettings.TenantId) is string tenant && (!Tenant.IsMatch(tenant) || ManyTenants.Contains(tenant.ToLowerInvariant())))
        {
            throw Wrong(AzureSettings.TenantId, tenant, "is not a tenant", "Give the directory (tenant) id, or a domain of the tenant such as contoso.onmicrosoft.com.");
        }

        foreach (string setting in new[] { AzureSettings.ClientId, AzureSettings.IdentityClientId, AzureSettings.IdentityObjectId })
        {
            if (context.Setting(setting) is string id && !Guid.TryParseExact(id, "D", out _))
            {
                throw Wrong(setting, id, "is not an id", "It looks like 11111111-2222-3333-4444-555555555555.");
            }
        }

        CheckIdentity(settings);
        if (context.Setting(AzureSettings.AuthorityUrl) is string authority)
        {
            _ = HttpSettings.Url(AzureSettings.AuthorityUrl, authority);
        }

        if (context.Setting(AzureSettings.ClientCertificatePath) is string certificatePath)
        {
            using ClientCertificate certificate = ClientCertificate.Read(certificatePath, context.GetSecretText(AzureSettings.ClientCertificatePassword));
            if (certificate.NotAfter < now)
            {
                throw Wrong(
                    AzureSettings.ClientCertificatePath,
                    certificatePath,
                    $"holds a certificate that expired on {certificate.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}",
                    "Make a new one and upload it, without its key, to the app registration.");
            }
        }

        if (context.Setting(AzureSettings.FederatedTokenPath) is string tokenPath)
        {
            _ = TokenEndpoint.ReadFederatedToken(tokenPath);
        }

        AzureTokens.CheckReadyMade(settings);
    }

    private static void CheckZones(AzureSettings settings)
    {
        DnsContext context = settings.Context;
        int zones = settings.Zones.Count;
        if (settings.Subscriptions.FirstOrDefault(s => !Guid.TryParseExact(s, "D", out _)) is string subscription)
        {
            throw Wrong(
                AzureSettings.SubscriptionId, subscription, "is not the id of a subscription", "It looks like 11111111-2222-3333-4444-555555555555; the portal shows it under Subscriptions.");
        }

        if (zones + settings.Subscriptions.Count == 0)
        {
            throw new InvalidRequestException(ErrorIds.InvalidSetting, "The account does not say which zones it is about.")
            {
                Target = AzureSettings.SubscriptionId,
                Remedy = $"Give -{AzureSettings.SubscriptionId}, or the resource id of each zone with -{AzureSettings.ZoneId}.",
            };
        }

        if (context.Setting(AzureSettings.ResourceGroup) is string group && (!Group.IsMatch(group) || settings.Subscriptions.Count != 1))
        {
            throw Wrong(
                AzureSettings.ResourceGroup,
                group,
                settings.Subscriptions.Count == 1 ? "is not the name of a resource group" : "needs one subscription that it is in",
                $"Give the name alone, and one -{AzureSettings.SubscriptionId}.");
        }
    }

    private static void CheckIdentity(AzureSettings settings)
    {
        string[] selectors = [.. new[] { AzureSettings.IdentityClientId, AzureSettings.IdentityObjectId, AzureSettings.IdentityResourceId }.Where(s => settings.Context.Setting(s) is not null)];
        if (selectors.Length > 1 || (selectors.Length == 1 && !settings.UsesManagedIdentity))
        {
            throw new InvalidRequestException(
                ErrorIds.InvalidSetting,
                selectors.Length > 1 ? $"A managed identity has one id: {string.Join(" and ", selectors)} were given." : $"{selectors[0]} goes with {AzureSettings.ManagedIdentity}.")
            {
                Target = selectors[0],
                Remedy = selectors.Length > 1 ? "Keep one of them." : $"Add -{AzureSettings.ManagedIdentity} {IdentityKinds.Auto}.",
            };
        }

        if (settings.Context.Setting(AzureSettings.IdentityResourceId) is string id && !id.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase))
        {
            throw Wrong(
                AzureSettings.IdentityResourceId,
                id,
                "is not the resource id of an identity",
                "It looks like /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>.");
        }
    }

    private static InvalidRequestException Wrong(string setting, string value, string problem, string remedy) =>
        new(ErrorIds.InvalidSetting, $"The setting {setting} {problem}: '{value}'.") { Target = value, Remedy = remedy };
}
