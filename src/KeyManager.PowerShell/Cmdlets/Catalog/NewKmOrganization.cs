using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Stores an organization, so that orders need only its name.</summary>
/// <remarks>OV and EV orders need an organization, DV orders have none. Which details are needed depends on the product; an order names all that are missing at once.</remarks>
/// <example><code>New-KmOrganization contoso -LegalName 'Contoso GmbH' -AddressLine1 'Hauptstr. 1' -City Berlin -Region Berlin -PostalCode 10115 -Country DE -Phone '+49 30 1234'</code><para>Everything that OV certificates need.</para></example>
/// <seealso cref="NewKmCertificateOrderCommand"/>
[Cmdlet(VerbsCommon.New, "KmOrganization", SupportsShouldProcess = true)]
[OutputType(typeof(Organization))]
public sealed class NewKmOrganizationCommand : KmCmdlet
{
    /// <summary>Name by which orders call it, unique among the organizations.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Its name in the register, as it will stand in certificates.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? LegalName { get; set; }

    /// <summary>A name that it trades under.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? AssumedName { get; set; }

    /// <summary>Department; public certificates no longer show it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Division { get; set; }

    /// <summary>D-U-N-S number.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Duns { get; set; }

    /// <summary>Number in the register.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? RegistrationNumber { get; set; }

    /// <summary>The register, or the office that keeps it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? IncorporatingAgency { get; set; }

    /// <summary>City of the register; for EV.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? JurisdictionCity { get; set; }

    /// <summary>State or province of the register; for EV.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? JurisdictionRegion { get; set; }

    /// <summary>Country of the register, two letters of ISO 3166; for EV.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? JurisdictionCountry { get; set; }

    /// <summary>Street and number.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? AddressLine1 { get; set; }

    /// <summary>Second line of the address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? AddressLine2 { get; set; }

    /// <summary>City.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? City { get; set; }

    /// <summary>State or province.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Region { get; set; }

    /// <summary>Postal code.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? PostalCode { get; set; }

    /// <summary>Country, two letters of ISO 3166, such as DE.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Country { get; set; }

    /// <summary>Telephone number.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Phone { get; set; }

    /// <summary>The authority's own number for it, where the authority has validated it beforehand.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? AuthorityId { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        PresetParameters.Require($"The organization '{Name}'", ("-LegalName", LegalName));
        DateTimeOffset now = Services.Clock.UtcNow;
        Organization organization = new()
        {
            Id = Identifier.New(),
            Name = Name.Trim(),
            LegalName = LegalName!.Trim(), // checked above
            AssumedName = Blank.ToNull(AssumedName)?.Trim(),
            Division = Blank.ToNull(Division)?.Trim(),
            Duns = Blank.ToNull(Duns)?.Trim(),
            RegistrationNumber = Blank.ToNull(RegistrationNumber)?.Trim(),
            IncorporatingAgency = Blank.ToNull(IncorporatingAgency)?.Trim(),
            JurisdictionCity = Blank.ToNull(JurisdictionCity)?.Trim(),
            JurisdictionRegion = Blank.ToNull(JurisdictionRegion)?.Trim(),
            JurisdictionCountry = Blank.ToNull(JurisdictionCountry)?.Trim(),
            AddressLine1 = Blank.ToNull(AddressLine1)?.Trim(),
            AddressLine2 = Blank.ToNull(AddressLine2)?.Trim(),
            City = Blank.ToNull(City)?.Trim(),
            Region = Blank.ToNull(Region)?.Trim(),
            PostalCode = Blank.ToNull(PostalCode)?.Trim(),
            Country = Blank.ToNull(Country)?.Trim(),
            Phone = Blank.ToNull(Phone)?.Trim(),
            AuthorityId = Blank.ToNull(AuthorityId)?.Trim(),
            CreatedAt = now,
            UpdatedAt = now,
        };
        if (await pipeline.ShouldProcessAsync(organization.ToString(), "Store organization").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.Presets.Add(organization)).ConfigureAwait(false);
        }
    }
}
