namespace KeyManager;

/// <summary>Which of an authority's systems an account belongs to.</summary>
public enum AuthorityEnvironment
{
    /// <summary>The one whose certificates are trusted.</summary>
    Production,

    /// <summary>The one for trying out.</summary>
    Staging,
}
