using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.EmSign.Protocol;

/// <summary>What GenerateOrderSSL gets: everything at once, request and consent included, so that nothing is left to ask for but proof.</summary>
internal static class OrderMessage
{
    private const string Remarks = "Ordered by KeyManager";

    /// <param name="order">The order.</param>
    /// <param name="product">Its product.</param>
    /// <param name="settings">The settings of the account, which decide where documents contradict each other.</param>
    /// <param name="group">The number of the group; <c>null</c> for none.</param>
    public static JObject New(CertificateOrder order, Product product, EmSignSettings settings, string? group)
    {
        Contact requester = order.Requester!; // checked when the order was planned
        bool isVetted = order.Organization?.AuthorityId is not null;
        JObject message = new()
        {
            ["productCode"] = product.Code,
            ["accountingModel"] = settings.AccountingModel,
            ["saveAndHold"] = "0",
            ["emailNotifications"] = settings.EmailNotifications,
            ["requestorInformation"] = Requester(requester),
            ["certificateInformation"] = Certificate(order, product, settings, isVetted),
            ["subscriptionDetails"] = new JObject
            {
                ["validity"] = ((order.ValidityMonths ?? 12) / 12).ToString(CultureInfo.InvariantCulture),
                ["autoRenew"] = settings.RenewsBefore is null ? "0" : "1",
                ["renewCriteria"] = settings.RenewsBefore ?? "30",
            },
            ["csr"] = Pem(order.Csr!), // made before it is placed
        };
        if (group is not null)
        {
            (string name, JToken value) = settings.NamesGroupInOrder ? ("groupNumber", (JToken)group) : ("delegationInformation", new JObject { ["groupNumber"] = group });
            message[name] = value;
        }

        if (order.Organization is Organization organization)
        {
            message["organizationDetails"] = OrganizationDetails(organization, isVetted);
        }

        if (settings.CanSign)
        {
            message["agreementDetails"] = Agreement(requester, settings);
        }

        JObject more = new() { ["remarks"] = Plain(order.Comment, Remarks) };
        if (settings.SendsReference)
        {
            more["tags"] = new JArray(TrackedOrder.Tag(order.Id));
        }

        AddTechnician(message, more, order.TechnicalContact ?? requester, settings.TechnicalContactForm);
        message["additionalInformation"] = more;
        return message;
    }

    /// <summary>The consent to the subscriber agreement, by the requester.</summary>
    public static JObject Agreement(Contact requester, EmSignSettings settings) => new()
    {
        ["acceptAgreement"] = "1",
        ["signerName"] = FullName(requester),
        ["signerPlace"] = settings.SignerPlace,
        ["signerIP"] = settings.SignerAddress,
    };

    /// <summary>True when the first name is secured with and without "www." by a product for one name.</summary>
    public static bool SecuresWww(CertificateOrder order, Product product) =>
        product.MaxAdditionalNames == 0 && order.DomainNames.Count == 2 && ProductRules.IsWwwOf(order.DomainNames[0], order.DomainNames[1]);

    public static string Pem(byte[] csr) => KeyManager.Pem.Encode("CERTIFICATE REQUEST", csr);

    /// <summary>A remark as the API takes it: it refuses semicolons, and remarks that are blank.</summary>
    public static string Plain(string? comment, string otherwise) => string.IsNullOrWhiteSpace(comment) ? otherwise : comment!.Trim().Replace(';', ',');

    public static string FullName(Contact contact) => $"{contact.FirstName} {contact.LastName}".Trim();

    private static JObject Requester(Contact contact)
    {
        PhoneNumber phone = PhoneNumber.Read(contact.Phone)!; // checked when the order was planned
        JObject requester = new()
        {
            ["requestorName"] = FullName(contact),
            ["requestorIsdCode"] = phone.CountryCode,
            ["requestorMobileNumber"] = phone.Number,
            ["requestorEmail"] = contact.Email,
        };
        AddText(requester, "requestorDesignation", contact.Title);
        return requester;
    }

    private static JObject Certificate(CertificateOrder order, Product product, EmSignSettings settings, bool isVetted)
    {
        JObject certificate = new() { ["domainName"] = order.DomainNames[0].Ascii, ["autoSecureWWW"] = SecuresWww(order, product) ? "1" : "0" };
        List<string> more = [.. order.DomainNames.Skip(1).Select(n => n.Ascii)];
        if (product.MaxAdditionalNames > 0 && more.Count > 0)
        {
            certificate[settings.MoreNamesMember] = new JArray(more);
        }

        if (order.Organization is Organization organization && !isVetted)
        {
            certificate["organizationName"] = organization.LegalName;
            AddText(certificate, "organizationUnit", order.Subject?.OrganizationalUnits.FirstOrDefault() ?? organization.Division);
            AddText(certificate, "streetAddress1", organization.AddressLine1);
            AddText(certificate, "streetAddress2", organization.AddressLine2);
            AddText(certificate, "locality", organization.City);
            AddText(certificate, "state", organization.Region);
            AddText(certificate, "countryCode", organization.Country);
            AddText(certificate, "postalCode", organization.PostalCode);
        }

        return certificate;
    }

    private static JObject OrganizationDetails(Organization organization, bool isVetted)
    {
        JObject details = new() { ["preVetting"] = isVetted ? "1" : "0" };
        if (isVetted)
        {
            EmSignOrganizationData data = EmSignOrganizationData.Read(organization.AuthorityData);
            details["organizationNumber"] = organization.AuthorityId;
            AddText(details, "prevettingToken", data.PrevettingToken);
            AddText(details, "representativeNumber", data.RepresentativeNumber);
        }

        return details;
    }

    private static void AddTechnician(JObject message, JObject more, Contact contact, string form)
    {
        if (form == "None")
        {
            return;
        }

        PhoneNumber? phone = PhoneNumber.Read(contact.Phone);
        string prefix = form == "Tpc" ? "tpc" : "poc";
        JObject technician = [];
        if (form == "PocNames")
        {
            technician["pocFirstName"] = contact.FirstName;
            technician["pocLastName"] = contact.LastName;
        }
        else
        {
            technician[prefix + "Name"] = FullName(contact);
        }

        technician[prefix + "Email"] = contact.Email;
        AddText(technician, prefix + "IsdCode", phone?.CountryCode);
        AddText(technician, prefix + "MobileNumber", phone?.Number);
        AddText(technician, form == "Tpc" ? "" : "pocDesignation", contact.Title);
        (form == "Poc" ? more : message)["technicalPointOfContact"] = technician;
    }

    private static void AddText(JObject json, string name, string? value)
    {
        if (name.Length > 0 && !string.IsNullOrWhiteSpace(value))
        {
            json[name] = value;
        }
    }
}
