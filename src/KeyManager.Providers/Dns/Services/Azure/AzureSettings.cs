using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>What an account with Azure DNS is given.</summary>
internal sealed class AzureSettings(DnsContext context)
{
    public const string TenantId = nameof(TenantId);
    public const string ClientId = nameof(ClientId);
    public const string ClientSecret = nameof(ClientSecret);
    public const string ClientCertificatePath = nameof(ClientCertificatePath);
    public const string ClientCertificatePassword = nameof(ClientCertificatePassword);
    public const string FederatedTokenPath = nameof(FederatedTokenPath);
    public const string ManagedIdentity = nameof(ManagedIdentity);
    public const string IdentityClientId = nameof(IdentityClientId);
    public const string IdentityObjectId = nameof(IdentityObjectId);
    public const string IdentityResourceId = nameof(IdentityResourceId);
    public const string AccessToken = nameof(AccessToken);
    public const string SubscriptionId = nameof(SubscriptionId);
    public const string ResourceGroup = nameof(ResourceGroup);
    public const string ZoneId = nameof(ZoneId);
    public const string Environment = nameof(Environment);
    public const string AuthorityUrl = nameof(AuthorityUrl);
    public const string Audience = nameof(Audience);

    private const int UsualTtl = 60;

    private static readonly string[] OfIdentity =
    [
        Environment, AuthorityUrl, Audience, TenantId, ClientId, ClientCertificatePath, FederatedTokenPath, ManagedIdentity, IdentityClientId, IdentityObjectId, IdentityResourceId,
    ];

    private bool? _hasReadyMadeToken;

    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = TenantId, Default = "", Description = "Directory (tenant) id of the app registration, or a domain of the tenant." },
        new() { Name = ClientId, Default = "", Description = "Application (client) id of the app registration." },
        new() { Name = ClientSecret, Default = "", IsSecret = true, Description = "Value of a client secret of the app registration; not the id of the secret." },
        new() { Name = ClientCertificatePath, Default = "", IsPath = true, Description = "File with the RSA key and the certificate that the app registration knows: PKCS#12 (.pfx) or PEM." },
        new() { Name = ClientCertificatePassword, Default = "", IsSecret = true, Description = "Password of the file in ClientCertificatePath; leave it out when the file has none." },
        new()
        {
            Name = FederatedTokenPath,
            Default = "",
            IsPath = true,
            Description = "File with the token of another issuer that the app registration trusts, such as AZURE_FEDERATED_TOKEN_FILE of Kubernetes; it is read anew each time.",
        },
        new()
        {
            Name = ManagedIdentity,
            Default = "",
            Choices = [IdentityKinds.Auto, IdentityKinds.VirtualMachine, IdentityKinds.AppService, IdentityKinds.Arc],
            Description = "Uses the identity that Azure gives to this machine: VirtualMachine (also scale sets and AKS nodes), AppService (also Functions, Container Apps and Automation), Arc, "
                + "or Auto, which looks where it runs.",
        },
        new() { Name = IdentityClientId, Default = "", Description = "Client id of the user-assigned managed identity to use; empty takes the system-assigned one." },
        new() { Name = IdentityObjectId, Default = "", Description = "Object (principal) id of the user-assigned managed identity, in the place of IdentityClientId." },
        new() { Name = IdentityResourceId, Default = "", Description = "Resource id of the user-assigned managed identity, /subscriptions/..., in the place of IdentityClientId." },
        new()
        {
            Name = AccessToken,
            Default = "",
            IsSecret = true,
            Description = "A token for the management of Azure that was had elsewhere; it is good for an hour or so and cannot be renewed.",
        },
        new() { Name = SubscriptionId, Default = "", Description = "Id of the subscription whose zones are used; several with commas between them." },
        new() { Name = ResourceGroup, Default = "", Description = "Use only the zones of this resource group of the subscription." },
        new()
        {
            Name = ZoneId,
            Default = "",
            Description = "Resource id of a zone, /subscriptions/.../dnsZones/contoso.com; several with commas between them. Without SubscriptionId only these zones are used and none are listed; "
                + "with it they are used where two zones have one name.",
        },
        new()
        {
            Name = Environment,
            Default = AzureCloud.All[0].Name,
            Choices = [.. AzureCloud.All.Select(c => c.Name)],
            Description = "The cloud that tenant and subscription are in.",
        },
        new() { Name = AuthorityUrl, Default = "", Description = "Address where tokens are had, where it is not the usual one of the cloud." },
        new() { Name = Audience, Default = "", Description = "What a token has to be for, where that is not the usual one of the cloud." },
        new()
        {
            Name = DnsSettings.Ttl,
            Default = UsualTtl.ToString(CultureInfo.InvariantCulture),
            Minimum = 1,
            Maximum = int.MaxValue,
            Description = "Seconds that resolvers may keep a record, 1 to 2147483647; a record set that is there keeps its own.",
        },
        .. DnsSettings.OfHttp,
        .. DnsSettings.OfAll,
    ];

    public DnsContext Context { get; } = context;

    public AzureCloud Cloud { get; } = AzureCloud.Get(context.Setting(Environment) ?? AzureCloud.All[0].Name);

    /// <summary>Azure Resource Manager, with a slash at the end.</summary>
    public Uri ManagementUrl => HttpSettings.BaseUrl(Context, Cloud.Management);

    /// <summary>Where the tokens of the tenant are had: the endpoint of version 2.</summary>
    public Uri TokenUrl => new(HttpSettings.Url(AuthorityUrl, Context.Setting(AuthorityUrl) ?? Cloud.Login), $"{Context.Setting(TenantId)}/oauth2/v2.0/token");

    /// <summary>What a token is asked for, in the words of version 2. An audience that ends in a slash rightly gets a second one.</summary>
    public string Scope => (Context.Setting(Audience) ?? Cloud.Management) + "/.default";

    /// <summary>What a managed identity is asked for.</summary>
    public string Resource => Context.Setting(Audience) ?? Cloud.Management + "/";

    /// <summary>Every audience that the management of the cloud takes, without a slash at the end.</summary>
    public IReadOnlyList<string> Audiences => Context.Setting(Audience) is string audience ? [audience.TrimEnd('/')] : [Cloud.Management, Cloud.OlderAudience];

    public IReadOnlyList<string> Subscriptions => List(SubscriptionId);

    /// <summary>The zones that are named one by one.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public IReadOnlyList<AzureZoneId> Zones => [.. List(ZoneId).Select(AzureZoneId.Parse)];

    public int Ttl => Context.Setting(DnsSettings.Ttl) is string seconds ? int.Parse(seconds, CultureInfo.InvariantCulture) : UsualTtl;

    /// <summary>Looked up once: each look decrypts.</summary>
    public bool HasReadyMadeToken => _hasReadyMadeToken ??= Context.Has(AccessToken);

    public bool UsesManagedIdentity => Context.Setting(ManagedIdentity) is not null;

    /// <summary>The way in which the account shows who it is, with whatever tells its tokens from others.</summary>
    public string Identity { get; } = string.Join("|", OfIdentity.Select(name => context.Setting(name) ?? ""));

    private string[] List(string name) => [.. (Context.Setting(name) ?? "").Split(',').Select(s => s.Trim()).Where(s => s.Length > 0)];
}
