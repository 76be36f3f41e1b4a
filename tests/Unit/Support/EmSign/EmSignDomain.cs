namespace KeyManager.Tests.Support.EmSign;

/// <summary>A name of an order at the fake.</summary>
internal sealed class EmSignDomain(string name)
{
    public string Name { get; } = name;

    public string Base => Name.StartsWith("*.", System.StringComparison.Ordinal) ? Name.Substring(2) : Name;

    public string? Method { get; set; }

    public string? Token { get; set; }

    /// <summary>0 open, 1 proved, 2 refused.</summary>
    public int Status { get; set; }

    /// <summary>1 good, 2 forbidden, 3 not looked at.</summary>
    public int Caa { get; set; } = 3;

    /// <summary>Where mails went.</summary>
    public System.Collections.Generic.List<string> Mails { get; } = [];
}
