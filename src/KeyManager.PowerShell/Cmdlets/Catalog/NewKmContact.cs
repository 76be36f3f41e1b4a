using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Stores a contact, so that orders need only its name.</summary>
/// <remarks>Orders with a catalogue name an administrator and may name a technician. One for all orders of an account: Set-KmAccount -Setting @{ AdminContact = 'ops' }.</remarks>
/// <example><code>New-KmContact ops -FirstName Ada -LastName Berg -Email ops@contoso.com -Phone '+49 30 1234'</code><para>A contact for -AdminContact and -TechnicalContact of orders.</para></example>
/// <seealso cref="NewKmCertificateOrderCommand"/>
[Cmdlet(VerbsCommon.New, "KmContact", SupportsShouldProcess = true)]
[OutputType(typeof(Contact))]
public sealed class NewKmContactCommand : KmCmdlet
{
    /// <summary>Name by which orders call it, unique among the contacts.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>First name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? FirstName { get; set; }

    /// <summary>Last name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? LastName { get; set; }

    /// <summary>E-mail address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Email { get; set; }

    /// <summary>Telephone number.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Phone { get; set; }

    /// <summary>Position in the organization; authorities want it for EV.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Title { get; set; }

    /// <summary>Organization; default: that of the order.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? OrganizationName { get; set; }

    /// <summary>Street and number; default: the address of the order's organization.</summary>
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

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        PresetParameters.Require($"The contact '{Name}'", ("-FirstName", FirstName), ("-LastName", LastName), ("-Email", Email), ("-Phone", Phone));
        _ = MailAddresses.Check([Email!.Trim()]);
        DateTimeOffset now = Services.Clock.UtcNow;
        Contact contact = new()
        {
            Id = Identifier.New(),
            Name = Name.Trim(),
            FirstName = FirstName!.Trim(), // checked above
            LastName = LastName!.Trim(), // checked above
            Email = Email!.Trim(), // checked above
            Phone = Phone!.Trim(), // checked above
            Title = Blank.ToNull(Title)?.Trim(),
            OrganizationName = Blank.ToNull(OrganizationName)?.Trim(),
            AddressLine1 = Blank.ToNull(AddressLine1)?.Trim(),
            AddressLine2 = Blank.ToNull(AddressLine2)?.Trim(),
            City = Blank.ToNull(City)?.Trim(),
            Region = Blank.ToNull(Region)?.Trim(),
            PostalCode = Blank.ToNull(PostalCode)?.Trim(),
            Country = Blank.ToNull(Country)?.Trim(),
            CreatedAt = now,
            UpdatedAt = now,
        };
        if (await pipeline.ShouldProcessAsync(contact.ToString(), "Store contact").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.Presets.Add(contact)).ConfigureAwait(false);
        }
    }
}
