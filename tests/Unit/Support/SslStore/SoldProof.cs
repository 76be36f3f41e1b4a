namespace KeyManager.Tests.Support.SslStore;

/// <summary>What one name of an order has to show.</summary>
internal sealed class SoldProof(string domain, string place, string value)
{
    public string Domain { get; } = domain;

    /// <summary>Name of the record or of the file.</summary>
    public string Place { get; } = place;

    public string Value { get; } = value;

    public bool IsDone { get; set; }
}
