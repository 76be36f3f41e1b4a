using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager;

/// <summary>An address to which the mail that proves control of a name may go.</summary>
public sealed record ApproverEmail
{
    /// <summary>The parts before the @ that are allowed at every domain (Baseline Requirements §3.2.2.4.4).</summary>
    private static readonly string[] LocalParts = ["admin", "administrator", "webmaster", "hostmaster", "postmaster"];

    /// <summary>The name it proves.</summary>
    public required DomainName DomainName { get; init; }

    /// <summary>The address.</summary>
    public required string Address { get; init; }

    /// <summary>True for one of the five constructed addresses; false for one that the authority knows from elsewhere.</summary>
    public bool IsConstructed { get; init; }

    /// <summary>The five constructed addresses at a name, and at each name above it that still has two labels.</summary>
    public static IReadOnlyList<ApproverEmail> Construct(DomainName name)
    {
        List<ApproverEmail> addresses = [];
        string[] labels = name.BaseName.Split('.');
        for (int first = 0; first <= Math.Max(0, labels.Length - 2); first++)
        {
            string domain = string.Join(".", labels.Skip(first));
            addresses.AddRange(LocalParts.Select(part => new ApproverEmail { DomainName = name, Address = $"{part}@{domain}", IsConstructed = true }));
        }

        return addresses;
    }

    /// <summary>True when the address is one of the five constructed ones of the name.</summary>
    public static bool IsConstructedFor(DomainName name, string address) => Construct(name).Any(a => string.Equals(a.Address, address, StringComparison.OrdinalIgnoreCase));

    public override string ToString() => Address;
}
