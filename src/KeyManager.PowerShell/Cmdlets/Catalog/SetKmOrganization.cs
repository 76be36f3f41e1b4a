using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Changes a stored organization. Orders that are placed keep what they were placed with.</summary>
/// <remarks>What is not given stays; an empty text takes a detail away.</remarks>
/// <example><code>Set-KmOrganization contoso -Phone '+49 30 5678'</code><para>A new telephone number for orders from now on.</para></example>
/// <seealso cref="NewKmOrganizationCommand"/>
[Cmdlet(VerbsCommon.Set, "KmOrganization", SupportsShouldProcess = true)]
[OutputType(typeof(Organization))]
public sealed class SetKmOrganizationCommand : KmCmdlet
{
    /// <summary>The organization: the object, its id or its name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(OrganizationCompleter))]
    [Alias("Name", "Id")]
    public OrganizationReference? Organization { get; set; }

    /// <summary>New name by which orders call it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>Its name in the register, as it will stand in certificates.</summary>
    [Parameter]
    public string? LegalName { get; set; }

    /// <summary>A name that it trades under.</summary>
    [Parameter]
    public string? AssumedName { get; set; }

    /// <summary>Department; public certificates no longer show it.</summary>
    [Parameter]
    public string? Division { get; set; }

    /// <summary>D-U-N-S number.</summary>
    [Parameter]
    public string? Duns { get; set; }

    /// <summary>Number in the register.</summary>
    [Parameter]
    public string? RegistrationNumber { get; set; }

    /// <summary>The register, or the office that keeps it.</summary>
    [Parameter]
    public string? IncorporatingAgency { get; set; }

    /// <summary>City of the register; for EV.</summary>
    [Parameter]
    public string? JurisdictionCity { get; set; }

    /// <summary>State or province of the register; for EV.</summary>
    [Parameter]
    public string? JurisdictionRegion { get; set; }

    /// <summary>Country of the register, two letters of ISO 3166; for EV.</summary>
    [Parameter]
    public string? JurisdictionCountry { get; set; }

    /// <summary>Street and number.</summary>
    [Parameter]
    public string? AddressLine1 { get; set; }

    /// <summary>Second line of the address.</summary>
    [Parameter]
    public string? AddressLine2 { get; set; }

    /// <summary>City.</summary>
    [Parameter]
    public string? City { get; set; }

    /// <summary>State or province.</summary>
    [Parameter]
    public string? Region { get; set; }

    /// <summary>Postal code.</summary>
    [Parameter]
    public string? PostalCode { get; set; }

    /// <summary>Country, two letters of ISO 3166, such as DE.</summary>
    [Parameter]
    public string? Country { get; set; }

    /// <summary>Telephone number.</summary>
    [Parameter]
    public string? Phone { get; set; }

    /// <summary>The authority's own number for it, where the authority has validated it beforehand.</summary>
    [Parameter]
    public string? AuthorityId { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        Organization organization = Services.Presets.ResolveOrganization(Organization!.Text); // mandatory
        organization = organization with
        {
            Name = NewName?.Trim() ?? organization.Name,
            LegalName = PresetParameters.Merge(nameof(LegalName), LegalName, organization.LegalName, isNeeded: true)!,
            AssumedName = PresetParameters.Merge(nameof(AssumedName), AssumedName, organization.AssumedName),
            Division = PresetParameters.Merge(nameof(Division), Division, organization.Division),
            Duns = PresetParameters.Merge(nameof(Duns), Duns, organization.Duns),
            RegistrationNumber = PresetParameters.Merge(nameof(RegistrationNumber), RegistrationNumber, organization.RegistrationNumber),
            IncorporatingAgency = PresetParameters.Merge(nameof(IncorporatingAgency), IncorporatingAgency, organization.IncorporatingAgency),
            JurisdictionCity = PresetParameters.Merge(nameof(JurisdictionCity), JurisdictionCity, organization.JurisdictionCity),
            JurisdictionRegion = PresetParameters.Merge(nameof(JurisdictionRegion), JurisdictionRegion, organization.JurisdictionRegion),
            JurisdictionCountry = PresetParameters.Merge(nameof(JurisdictionCountry), JurisdictionCountry, organization.JurisdictionCountry),
            AddressLine1 = PresetParameters.Merge(nameof(AddressLine1), AddressLine1, organization.AddressLine1),
            AddressLine2 = PresetParameters.Merge(nameof(AddressLine2), AddressLine2, organization.AddressLine2),
            City = PresetParameters.Merge(nameof(City), City, organization.City),
            Region = PresetParameters.Merge(nameof(Region), Region, organization.Region),
            PostalCode = PresetParameters.Merge(nameof(PostalCode), PostalCode, organization.PostalCode),
            Country = PresetParameters.Merge(nameof(Country), Country, organization.Country),
            Phone = PresetParameters.Merge(nameof(Phone), Phone, organization.Phone),
            AuthorityId = PresetParameters.Merge(nameof(AuthorityId), AuthorityId, organization.AuthorityId),
        };
        if (await pipeline.ShouldProcessAsync(organization.ToString(), "Change organization").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.Presets.Update(organization)).ConfigureAwait(false);
        }
    }
}
