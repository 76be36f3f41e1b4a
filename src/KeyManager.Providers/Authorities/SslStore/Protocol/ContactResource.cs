using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.SslStore.Protocol;

/// <summary>A contact of an order (order/neworder: AdminContact, TechnicalContact).</summary>
internal static class ContactResource
{
    /// <param name="contact">Who.</param>
    /// <param name="organization">What stands in for an organization and address that the contact has none of.</param>
    public static JObject Write(Contact contact, Organization? organization)
    {
        bool hasAddress = contact.AddressLine1 is not null;
        return new JObject
        {
            ["FirstName"] = contact.FirstName,
            ["LastName"] = contact.LastName,
            ["Phone"] = contact.Phone,
            ["Email"] = contact.Email,
            ["Title"] = contact.Title ?? "",
            ["OrganizationName"] = contact.OrganizationName ?? organization?.LegalName ?? "",
            ["AddressLine1"] = (hasAddress ? contact.AddressLine1 : organization?.AddressLine1) ?? "",
            ["AddressLine2"] = (hasAddress ? contact.AddressLine2 : organization?.AddressLine2) ?? "",
            ["City"] = (hasAddress ? contact.City : organization?.City) ?? "",
            ["Region"] = (hasAddress ? contact.Region : organization?.Region) ?? "",
            ["PostalCode"] = (hasAddress ? contact.PostalCode : organization?.PostalCode) ?? "",
            ["Country"] = (hasAddress ? contact.Country : organization?.Country) ?? "",
        };
    }

    /// <summary>The contact of an order that was placed elsewhere; <c>null</c> when it is not told.</summary>
    public static Contact? Read(JObject? json, string role, System.DateTimeOffset now) => json?.Text("Email") is not string email ? null : new Contact
    {
        Id = "",
        Name = role,
        FirstName = json.Text("FirstName") ?? "",
        LastName = json.Text("LastName") ?? "",
        Email = email,
        Phone = json.Text("Phone") ?? "",
        Title = json.Text("Title"),
        OrganizationName = json.Text("OrganizationName"),
        AddressLine1 = json.Text("AddressLine1"),
        AddressLine2 = json.Text("AddressLine2"),
        City = json.Text("City"),
        Region = json.Text("Region"),
        PostalCode = json.Text("PostalCode"),
        Country = json.Text("Country"),
        CreatedAt = now,
        UpdatedAt = now,
    };
}
