using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Changes a stored contact. Orders that are placed keep what they were placed with.</summary>
/// <remarks>What is not given stays; an empty text takes a detail away.</remarks>
/// <example><code>Set-KmContact ops -Title 'Head of operations'</code><para>What EV orders need.</para></example>
/// <seealso cref="NewKmContactCommand"/>
[Cmdlet(VerbsCommon.Set, "KmContact", SupportsShouldProcess = true)]
[OutputType(typeof(Contact))]
public sealed class SetKmContactCommand : KmCmdlet
{
    /// <summary>The contact: the object, its id or its name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ContactCompleter))]
    [Alias("Name", "Id")]
    public ContactReference? Contact { get; set; }

    /// <summary>New name by which orders call it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>First name.</summary>
    [Parameter]
    public string? FirstName { get; set; }

    /// <summary>Last name.</summary>
    [Parameter]
    public string? LastName { get; set; }

    /// <summary>E-mail address.</summary>
    [Parameter]
    public string? Email { get; set; }

    /// <summary>Telephone number.</summary>
    [Parameter]
    public string? Phone { get; set; }

    /// <summary>Position in the organization; authorities want it for EV.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>Organization; default: that of the order.</summary>
    [Parameter]
    public string? OrganizationName { get; set; }

    /// <summary>Street and number; default: the address of the order's organization.</summary>
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

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (Email is not null)
        {
            _ = MailAddresses.Check([Email.Trim()]);
        }

        Contact contact = Services.Presets.ResolveContact(Contact!.Text); // mandatory
        contact = contact with
        {
            Name = NewName?.Trim() ?? contact.Name,
            FirstName = PresetParameters.Merge(nameof(FirstName), FirstName, contact.FirstName, isNeeded: true)!,
            LastName = PresetParameters.Merge(nameof(LastName), LastName, contact.LastName, isNeeded: true)!,
            Email = PresetParameters.Merge(nameof(Email), Email, contact.Email, isNeeded: true)!,
            Phone = PresetParameters.Merge(nameof(Phone), Phone, contact.Phone, isNeeded: true)!,
            Title = PresetParameters.Merge(nameof(Title), Title, contact.Title),
            OrganizationName = PresetParameters.Merge(nameof(OrganizationName), OrganizationName, contact.OrganizationName),
            AddressLine1 = PresetParameters.Merge(nameof(AddressLine1), AddressLine1, contact.AddressLine1),
            AddressLine2 = PresetParameters.Merge(nameof(AddressLine2), AddressLine2, contact.AddressLine2),
            City = PresetParameters.Merge(nameof(City), City, contact.City),
            Region = PresetParameters.Merge(nameof(Region), Region, contact.Region),
            PostalCode = PresetParameters.Merge(nameof(PostalCode), PostalCode, contact.PostalCode),
            Country = PresetParameters.Merge(nameof(Country), Country, contact.Country),
        };
        if (await pipeline.ShouldProcessAsync(contact.ToString(), "Change contact").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.Presets.Update(contact)).ConfigureAwait(false);
        }
    }
}
