namespace KeyManager;

/// <summary>The labels that certificates and orders are found by.</summary>
public enum LabelKind
{
    /// <summary>A word; as many as one likes.</summary>
    Tag,

    /// <summary>Who answers for it; one.</summary>
    Owner,

    /// <summary>Where it belongs; one, so that every certificate is counted once.</summary>
    Group,
}
