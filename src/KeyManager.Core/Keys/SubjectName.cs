using System.Collections.Generic;

namespace KeyManager;

/// <summary>The parts of a subject that a requester may ask for beside the names; all optional.</summary>
public sealed record SubjectName
{
    /// <summary>Common name to use instead of the first domain name.</summary>
    public string? CommonName { get; init; }

    /// <summary>Organization (O).</summary>
    public string? Organization { get; init; }

    /// <summary>Organizational units (OU).</summary>
    public IReadOnlyList<string> OrganizationalUnits { get; init; } = [];

    /// <summary>City (L).</summary>
    public string? Locality { get; init; }

    /// <summary>State or province (ST).</summary>
    public string? State { get; init; }

    /// <summary>Two-letter country code (C), ISO 3166.</summary>
    public string? Country { get; init; }

    /// <summary>E-mail address (emailAddress).</summary>
    public string? Email { get; init; }
}
