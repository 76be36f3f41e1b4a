namespace KeyManager;

/// <summary>Where an order or a key comes from.</summary>
public enum OrderOrigin
{
    /// <summary>Made with KeyManager.</summary>
    Created,

    /// <summary>Taken over from elsewhere.</summary>
    Imported,
}
