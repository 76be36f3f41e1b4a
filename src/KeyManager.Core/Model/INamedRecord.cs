namespace KeyManager;

/// <summary>Something that is stored under a name of its own.</summary>
public interface INamedRecord
{
    /// <summary>Identifier.</summary>
    string Id { get; }

    /// <summary>Name, unique among its kind; letter case does not matter.</summary>
    string Name { get; }
}
