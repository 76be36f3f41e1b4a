using System;
using System.Collections.Generic;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>The authorities that are known by name. Each fact has its source beside it; what is not known is left out and the server asked.</summary>
internal static class AcmePresets
{
    public static IReadOnlyList<AcmePreset> All { get; } =
    [
        // Any server: Pebble, step-ca, Boulder, a company's own.
        new() { Name = "Acme", Title = "ACME server", HasAddresses = true, HasRenewalInfo = true },

        // letsencrypt.org/docs: acme-protocol, staging-environment, profiles, caa, rate-limits, integration-guide (keys).
        new()
        {
            Name = "LetsEncrypt",
            Title = "Let's Encrypt",
            Production = "https://acme-v02.api.letsencrypt.org/directory",
            Staging = "https://acme-staging-v02.api.letsencrypt.org/directory",
            HasAddresses = true,
            HasRenewalInfo = true,
            TakesValidity = false,
            KeyTypes = ["RSA 2048", "RSA 3072", "RSA 4096", "ECDSA P-256", "ECDSA P-384"],
            MaxNames = 100,
            MaxValidityDays = 90,
            CaaIdentities = ["letsencrypt.org"],
        },

        // cloud.google.com/certificate-manager/docs/public-ca, pki.goog/faq: CAA, validity of 1 to 90 days, EAB credentials good for one account and seven days.
        new()
        {
            Name = "Google",
            Title = "Google Trust Services",
            Production = "https://dv.acme-v02.api.pki.goog/directory",
            Staging = "https://dv.acme-v02.test-api.pki.goog/directory",
            NeedsExternalAccount = true,
            HasRenewalInfo = true,
            TakesValidity = true,
            MaxNames = 100,
            MaxValidityDays = 90,
            CaaIdentities = ["pki.goog"],
        },

        // zerossl.com/documentation/acme: 90 days, EAB, also for a mail address; no key change and no renewal information.
        new()
        {
            Name = "ZeroSsl",
            Title = "ZeroSSL",
            Production = "https://acme.zerossl.com/v2/DV90",
            NeedsExternalAccount = true,
            ExternalAccountByMail = "https://api.zerossl.com/acme/eab-credentials-email",
            MaxValidityDays = 90,
            CaaIdentities = ["sectigo.com"],
        },

        // ssl.com/guide: two directories, by the kind of key; an account that holds funds is charged, and whether it does ACME cannot ask.
        new()
        {
            Name = "SslCom",
            Title = "SSL.com (RSA)",
            Production = "https://acme.ssl.com/sslcom-dv-rsa",
            NeedsExternalAccount = true,
            ChargesMoney = true,
            CaaIdentities = ["ssl.com"],
        },
        new()
        {
            Name = "SslComEcc",
            Title = "SSL.com (ECDSA)",
            Production = "https://acme.ssl.com/sslcom-dv-ecc",
            NeedsExternalAccount = true,
            ChargesMoney = true,
            CaaIdentities = ["ssl.com"],
        },

        // Sectigo: one directory for each kind of validation; the account is bound to a customer.
        new() { Name = "Sectigo", Title = "Sectigo (DV)", Production = "https://acme.sectigo.com/v2/DV", NeedsExternalAccount = true, CaaIdentities = ["sectigo.com"] },
        new() { Name = "SectigoOv", Title = "Sectigo (OV)", Production = "https://acme.sectigo.com/v2/OV", NeedsExternalAccount = true, CaaIdentities = ["sectigo.com"] },
        new() { Name = "SectigoEv", Title = "Sectigo (EV)", Production = "https://acme.sectigo.com/v2/EV", NeedsExternalAccount = true, HasWildcards = false, CaaIdentities = ["sectigo.com"] },

        // DigiCert: customers usually get an address of their own, which DirectoryUrl takes.
        new() { Name = "DigiCert", Title = "DigiCert", Production = "https://one.digicert.com/mpki/api/v1/acme/v2/directory", NeedsExternalAccount = true, CaaIdentities = ["digicert.com"] },
        new() { Name = "GlobalSign", Title = "GlobalSign Atlas", Production = "https://emea.acme.atlas.globalsign.com/directory", NeedsExternalAccount = true, CaaIdentities = ["globalsign.com"] },

        // guide.actalis.com: 90 days, one name and its www for free.
        new()
        {
            Name = "Actalis",
            Title = "Actalis",
            Production = "https://acme-api.actalis.com/acme/directory",
            NeedsExternalAccount = true,
            HasRenewalInfo = true,
            MaxValidityDays = 90,
            CaaIdentities = ["actalis.it"],
        },

        // Stopped issuing on 2025-10-31 (announcement of 2025-08-18). Kept so that accounts and certificates from it can be listed, exported and removed, and for
        // servers that work as it did: 180 days, five names, no wildcards.
        new()
        {
            Name = "Buypass",
            Title = "Buypass Go SSL",
            Production = "https://api.buypass.com/acme/directory",
            Staging = "https://api.test4.buypass.no/acme/directory",
            HasWildcards = false,
            TakesValidity = false,
            KeyTypes = ["RSA 2048", "RSA 3072", "RSA 4096", "ECDSA P-256", "ECDSA P-384"],
            MaxNames = 5,
            MaxValidityDays = 180,
            CaaIdentities = ["buypass.com", "buypass.no"],
            RetiredSince = new DateTimeOffset(2025, 10, 31, 0, 0, 0, TimeSpan.Zero),
        },
    ];
}
