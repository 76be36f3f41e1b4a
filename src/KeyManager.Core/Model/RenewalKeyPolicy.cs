namespace KeyManager;

/// <summary>Which key a renewal uses.</summary>
/// <param name="OnRenewal">New, same or the user's own.</param>
/// <param name="RotateEvery">With <see cref="KeyOnRenewal.Same"/>: make a new key at every n-th renewal; 0 keeps it for ever.</param>
public sealed record RenewalKeyPolicy(KeyOnRenewal OnRenewal = KeyOnRenewal.New, int RotateEvery = 0)
{
    public override string ToString() => RotateEvery > 0 ? $"{OnRenewal}, rotated every {RotateEvery}" : OnRenewal.ToString();
}
