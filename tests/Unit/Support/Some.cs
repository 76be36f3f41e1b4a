using System;
using System.Globalization;
using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;

namespace KeyManager.Tests.Support;

/// <summary>Records whose details do not matter to the test.</summary>
public static class Some
{
    public static DateTimeOffset Moment { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static AuthorityAccount Account(string name = "test account") => new()
    {
        Id = Identifier.New(),
        Name = name,
        Authority = "Local",
        CreatedAt = Moment,
        UpdatedAt = Moment,
    };

    public static PrivateKeyInfo PrivateKey(string name = "www.contoso.com") => new()
    {
        Id = Identifier.New(),
        Name = name,
        KeySpec = KeySpec.Default,
        PublicKeyHash = Hash(Identifier.New()),
        CreatedAt = Moment,
    };

    public static CertificateSigningRequest Csr(string name = "www.contoso.com") => new()
    {
        Id = Identifier.New(),
        Name = name,
        DomainNames = [DomainName.Parse("www.contoso.com"), DomainName.Parse("*.contoso.com")],
        Subject = "CN=www.contoso.com",
        KeySpec = KeySpec.Create(KeyAlgorithm.Rsa, 3072),
        SignatureAlgorithm = "SHA256withRSA",
        CreatedAt = Moment,
        RawData = [0x30, 1, 2, 3],
    };

    public static CertificateOrder Order(string name = "www.contoso.com", params string[] domainNames) => new()
    {
        Id = Identifier.New(),
        Name = name,
        DomainNames = Array.ConvertAll(domainNames.Length == 0 ? [name] : domainNames, DomainName.Parse),
        AccountId = "account00000",
        Account = "test account",
        Authority = "Local",
        KeySpec = KeySpec.Default,
        CreatedAt = Moment,
        UpdatedAt = Moment,
    };

    /// <summary>A certificate that is current and valid for 90 days; the bytes are not a real one.</summary>
    public static Certificate Certificate(string name = "www.contoso.com", string? lineageId = null, int version = 1, DateTimeOffset? notAfter = null)
    {
        string id = Identifier.New();
        return new Certificate
        {
            Id = id,
            LineageId = lineageId ?? Identifier.New(),
            Name = name,
            Version = version,
            IsCurrent = true,
            Status = CertificateStatus.Valid,
            DomainNames = KeyManager.DomainName.TryParse(name, out DomainName parsed) ? [parsed] : [KeyManager.DomainName.Parse("www.contoso.com")],
            Subject = $"CN={name}",
            Issuer = "CN=Test CA",
            SerialNumber = Hash(id).Substring(0, 32),
            Thumbprint = Hash("1" + id).Substring(0, 40),
            Sha256Thumbprint = Hash(id),
            NotBefore = (notAfter ?? Moment.AddDays(90)).AddDays(-90),
            NotAfter = notAfter ?? Moment.AddDays(90),
            KeyDescription = "ECDSA P-256",
            SignatureAlgorithm = "SHA256withECDSA",
            CreatedAt = Moment,
            SavedAt = Moment,
            RawData = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"DER of {id}")),
        };
    }

    /// <summary>A row as Import-Csv makes it.</summary>
    public static PSObject Row(params (string Name, string Value)[] cells)
    {
        PSObject row = new();
        foreach ((string name, string value) in cells)
        {
            row.Properties.Add(new PSNoteProperty(name, value));
        }

        return row;
    }

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
