using System;
using System.Collections.Generic;

namespace KeyManager.Tests.Support.EmSign;

/// <summary>An order in the book of the fake.</summary>
internal sealed class EmSignSold
{
    public required string RequestNumber { get; init; }

    /// <summary>Empty for a draft.</summary>
    public string OrderNumber { get; set; } = "";

    public string Product { get; init; } = "842";

    public string Group { get; init; } = "2345678901";

    public string? Tag { get; init; }

    public string Organization { get; init; } = "";

    public DateTimeOffset OrderedAt { get; init; }

    public int Years { get; init; } = 1;

    public string Email { get; init; } = "ops@contoso.com";

    public List<EmSignDomain> Domains { get; } = [];

    public byte[]? Csr { get; set; }

    public bool IsSigned { get; set; }

    /// <summary>People look at the organization.</summary>
    public bool NeedsVetting { get; set; }

    /// <summary>Certificate status while nothing is issued; 24 unless told otherwise.</summary>
    public int Waiting { get; set; } = 24;

    /// <summary>Final certificate status: 5, 13, ...; 0 for none.</summary>
    public int Ended { get; set; }

    public bool IsRevoked { get; set; }

    public int RevokeStatus { get; set; }

    public bool IsDownloaded { get; set; }

    public List<byte[]> Certificates { get; } = [];

    public string Serial { get; set; } = "";

    public DateTimeOffset? End { get; set; }

    /// <summary>How often TrackOrder still leaves out the names.</summary>
    public int Hidden { get; set; }

    public bool IsInterim { get; set; }
}
