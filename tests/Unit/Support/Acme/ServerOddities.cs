using System;

namespace KeyManager.Tests.Support.Acme;

/// <summary>Answers that servers in the world give and RFC 8555 does not, or hardly, foresee.</summary>
public sealed class ServerOddities
{
    /// <summary>Orders and authorizations without "expires".</summary>
    public bool OmitsExpires { get; set; }

    /// <summary>Finalize is answered without Location.</summary>
    public bool OmitsFinalizeLocation { get; set; }

    /// <summary>Addresses without scheme and host, except in the directory.</summary>
    public bool RelativeUrls { get; set; }

    /// <summary>A new account is answered with its Location only.</summary>
    public bool EmptyAccountBody { get; set; }

    /// <summary>Numbers, objects and null beside the addresses of the directory.</summary>
    public bool StrangeDirectoryEntries { get; set; }

    public bool DirectoryWithoutNewOrder { get; set; }

    /// <summary>Orders with "authorizations": null.</summary>
    public bool NullAuthorizations { get; set; }

    /// <summary>Errors come without a new nonce, which RFC 8555 §6.5 allows.</summary>
    public bool NoNonceInErrors { get; set; }

    /// <summary>The terms have changed: new orders are refused until the test says otherwise (RFC 8555 §7.3.3).</summary>
    public Uri? NewTerms { get; set; }

    /// <summary>Issued certificates are wrong.</summary>
    public CertificateFault Certificate { get; set; }

    /// <summary>Lines of the certificate end in CR LF and blank lines are between certificates.</summary>
    public bool WindowsLineEnds { get; set; }

    public RenewalInfoAnswer RenewalInfo { get; set; }

    /// <summary>How far the Date header is off the clock.</summary>
    public TimeSpan DateSkew { get; set; }
}
