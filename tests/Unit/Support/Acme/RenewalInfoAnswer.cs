namespace KeyManager.Tests.Support.Acme;

/// <summary>What renewal information looks like.</summary>
public enum RenewalInfoAnswer
{
    /// <summary>As RFC 9773 has it.</summary>
    Normal,

    /// <summary>Good, with an explanationURL.</summary>
    Explained,

    /// <summary>A window that ended yesterday.</summary>
    WindowInThePast,

    /// <summary>A window in ten years, after the certificate's end.</summary>
    FarFuture,
    EndBeforeStart,

    /// <summary>Start and end are the same second.</summary>
    EmptyWindow,

    /// <summary>An object without a window.</summary>
    NoWindow,

    /// <summary>Dates that are none.</summary>
    BadDates,

    /// <summary>Not JSON.</summary>
    Garbage,
    NotFound,
    ServerError,
}
