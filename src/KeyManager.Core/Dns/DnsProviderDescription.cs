namespace KeyManager.Dns;

/// <summary>What a DNS service is and what an account needs: a line of Get-KmProvider.</summary>
public sealed record DnsProviderDescription : ProviderDescription
{
    /// <summary>The least rights that the credentials need at the service, and how to give them.</summary>
    public required string LeastRights { get; init; }

    /// <summary>Longest time in seconds that a change usually takes until every server has it.</summary>
    public int PropagationSeconds { get; init; } = 120;

    /// <summary>False for one whose accounts hold whatever name they are given, so that it is used only where an order or a mapping names it.</summary>
    public bool KnowsItsZones { get; init; } = true;

    internal override string One => $"An account with {Title}";

    internal override string WhereToLook => $"Get-KmProvider {Name} shows all settings.";
}
