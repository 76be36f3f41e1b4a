namespace KeyManager.Authorities;

/// <summary>What an order may say beside names, key and proof. Not every authority has use for each; the names are those of the parameters.</summary>
public enum OrderDetail
{
    /// <summary>The product of the catalogue.</summary>
    Product,

    /// <summary>The vendor of the product.</summary>
    Vendor,

    /// <summary>The kind of validation of the product.</summary>
    ValidationType,

    /// <summary>The term to buy.</summary>
    ValidityMonths,

    /// <summary>The number of servers.</summary>
    ServerCount,

    /// <summary>The program that will use the certificate.</summary>
    ServerType,

    /// <summary>Where mails that prove control go.</summary>
    ApproverEmail,

    /// <summary>The administrator.</summary>
    AdminContact,

    /// <summary>The technician.</summary>
    TechnicalContact,

    /// <summary>Who asks for the certificate.</summary>
    Requester,

    /// <summary>A remark for the authority.</summary>
    Comment,
}
