using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.EmSign.Protocol;
using KeyManager.Storage;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>Groups, organizations, domains and products of an account.</summary>
internal sealed class EmSignDirectory(EmSignConnections connections, IStore store, Clock clock)
{
    private const int Pending = 0;
    private const int Validated = 1;

    private static readonly string[] OrganizationStates = ["Active", "Inactive", "Expired"];

    private static readonly string[] ValidationStates = ["Pending", "Validated", "Rejected", "Cancelled", "Expired", "Under discrepancy"];

    public async Task<AccountDirectory> GetAsync(AuthorityContext context, DirectoryScope scope, AccountDirectory known, CancellationToken cancellationToken)
    {
        EmSignClient client = connections.Open(context);
        AccountDirectory directory = new();
        if ((scope & (DirectoryScope.Group | DirectoryScope.Organization)) != DirectoryScope.None)
        {
            EmSignAnswer answer = await client.AskAsync("GetGroupDetails", null, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<JObject> groups = answer.Block("accountDetails").Objects("groups");
            directory = directory with
            {
                Groups = scope.HasFlag(DirectoryScope.Group) ? [.. groups.Select(ReadGroup).OfType<AuthorityGroup>()] : null,
                Organizations = scope.HasFlag(DirectoryScope.Organization) ? await OrganizationsAsync(client, context, groups, known, cancellationToken).ConfigureAwait(false) : null,
            };
        }

        if (scope.HasFlag(DirectoryScope.Domain))
        {
            EmSignAnswer answer = await client.AskAsync("GetDomainDetails", null, cancellationToken).ConfigureAwait(false);
            directory = directory with { Domains = [.. answer.Blocks("domainDetails").Select(ReadDomain).OfType<AuthorityDomain>()] };
        }

        return directory;
    }

    /// <summary>Group by group: some accounts have an empty list without one.</summary>
    public async Task<IReadOnlyList<Product>> GetProductsAsync(AuthorityContext context, CancellationToken cancellationToken)
    {
        EmSignClient client = connections.Open(context);
        List<string?> groups = [.. store.Read(session => session.Directory.Groups(context.Account.Id)).Where(g => g.MissingSince is null).Select(g => g.Id)];
        if (client.Settings.Group is string own)
        {
            groups = [own];
        }

        if (groups.Count == 0)
        {
            EmSignAnswer account = await client.AskAsync("GetGroupDetails", null, cancellationToken).ConfigureAwait(false);
            groups = [.. account.Block("accountDetails").Objects("groups").Select(g => g.Text("groupNumber")).OfType<string>()];
        }

        List<Product> products = [];
        foreach (string? group in groups.DefaultIfEmpty(null))
        {
            try
            {
                EmSignAnswer answer = await client.AskAsync("GetProductDetails", ("productDetails", group is null ? [] : new JObject { ["groupNumber"] = group }), cancellationToken).ConfigureAwait(false);
                products.AddRange(ProductResource.Read(answer.Blocks("productDetails")));
            }
            catch (CredentialException refused) when (refused.ErrorId == ErrorIds.RightMissing && groups.Count > 1)
            {
                context.Reporter.Warn($"The products of group {group}: {refused.Message}");
            }
        }

        return [.. products.GroupBy(p => p.Code).Select(g => g.First())];
    }

    private async Task<IReadOnlyList<Organization>> OrganizationsAsync(
        EmSignClient client, AuthorityContext context, IReadOnlyList<JObject> groups, AccountDirectory known, CancellationToken cancellationToken)
    {
        // One may be listed in several groups, and is asked for once.
        var listed = groups.SelectMany(g => g.Objects("organizationDetails").Select(o => (Group: g.Text("groupNumber") ?? "", Organization: o, Number: o.Text("organizationNumber"))))
            .Where(o => o.Number is not null).GroupBy(o => o.Number!);
        List<Organization> organizations = [];
        foreach (var organization in listed)
        {
            string number = organization.Key;
            JObject json = organization.First().Organization;
            List<string> numbers = [.. organization.Select(e => e.Group).Where(e => e.Length > 0).Distinct()];
            try
            {
                JObject question = new() { ["organizationNumber"] = number, ["groupNumber"] = numbers.FirstOrDefault() ?? "" };
                EmSignAnswer answer = await client.AskAsync("GetOrganizationDetails", ("organizationDetails", question), cancellationToken).ConfigureAwait(false);
                organizations.Add(ReadOrganization(number, answer.Block("organizationDetails"), json, numbers));
            }
            catch (KeyManagerException refused) when (refused is AuthorityException or NotFoundException || refused.ErrorId == ErrorIds.RightMissing)
            {
                context.Reporter.Warn($"Organization {json.Text("organizationName") ?? number} is kept as it was known: {refused.Message}");
                organizations.Add(known.Organizations?.FirstOrDefault(o => o.AuthorityId == number) ?? ReadOrganization(number, [], json, numbers));
            }
        }

        return organizations;
    }

    private Organization ReadOrganization(string number, JObject json, JObject listed, IReadOnlyList<string> groups)
    {
        string name = json.Text("organizationName") ?? listed.Text("organizationName") ?? number;
        int? validation = json.Number("validationStatusId");
        int? state = json.Number("organizationStatusId");
        string? purpose = (json.Text("validationFor") ?? listed.Text("validationFor")) switch { "1" => "OV", "2" => "EV and OV", "3" => "S/MIME OV", _ => null };
        JObject? speaker = json.Objects("orgRepresentatives").FirstOrDefault();
        DateTimeOffset now = clock.UtcNow;
        return new Organization
        {
            Id = number,
            AuthorityId = number,
            Name = name,
            LegalName = name,
            AddressLine1 = json.Text("organizationStreetAddress1"),
            AddressLine2 = json.Text("organizationStreetAddress2"),
            City = json.Text("organizationLocality"),
            Region = json.Text("organizationStateName"),
            PostalCode = json.Text("organizationPostalCode"),
            Country = json.Text("organizationCountryCode"),
            Groups = groups,
            AuthorityStatus = string.Join(", ", new[]
            {
                state is int s && s >= 1 && s <= OrganizationStates.Length ? OrganizationStates[s - 1] : null,
                validation is int v && v >= Pending && v < ValidationStates.Length ? ValidationStates[v] : null,
                purpose is null ? null : "for " + purpose,
            }.OfType<string>().DefaultIfEmpty("not told")),
            AuthorityData = JsonConvert.SerializeObject(new EmSignOrganizationData
            {
                PrevettingToken = json.Text("prevettingToken"),
                RepresentativeNumber = speaker?.Text("representativeNumber"),
                IsValidated = validation == Validated && state is null or 1,
            }),
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    private static AuthorityGroup? ReadGroup(JObject json) => json.Text("groupNumber") is not string number ? null : new AuthorityGroup
    {
        Id = number,
        Name = json.Text("groupName") ?? number,
        IsDefault = json.Flag("isDefaultGroup"),
        Balance = json.Text("finance") == "2" ? json.Text("groupBalance") : json.Text("accountBalance"),
    };

    private AuthorityDomain? ReadDomain(JObject json)
    {
        if (json.Text("domainName") is not string name)
        {
            return null;
        }

        int? proof = json.Number("dcvStatus");
        int? state = json.Number("status");
        DateTimeOffset? end = ApiMoment.Read(json.Text("expiryDate"));
        return new AuthorityDomain
        {
            DomainName = name,
            AuthorityStatus = string.Join(", ", new[]
            {
                state is int s && s >= 1 && s <= OrganizationStates.Length ? OrganizationStates[s - 1] : null,
                proof switch { 0 => "Pending", 1 => "Validated", 2 => "Rejected", _ => null },
            }.OfType<string>().DefaultIfEmpty("not told")),
            IsValidated = proof == Validated && state is null or 1 && !(end <= clock.UtcNow),
            ChallengeType = json.Number("dcvMethod") switch { 1 => ChallengeType.DnsTxt, 2 => ChallengeType.HttpFile, 3 => ChallengeType.Email, _ => null },
            Organization = json.Text("organizationName"),
            OrganizationId = json.Text("organizationNumber"),
            EnteredAt = ApiMoment.Read(json.Text("createdDate")),
            ExpiresAt = end,
        };
    }
}
