namespace KeyManager.Tests.Support.Acme;

/// <summary>Where the server ends the connection.</summary>
public enum ConnectionCut
{
    None,

    /// <summary>After the request was worked on, before the first octet of the answer.</summary>
    BeforeAnswer,

    /// <summary>After the request was worked on, in the middle of the answer.</summary>
    WithinAnswer,
}
