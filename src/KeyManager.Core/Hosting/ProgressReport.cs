namespace KeyManager.Hosting;

/// <summary>How far slow work has come.</summary>
/// <param name="Activity">What is being done, the same text for the whole of it.</param>
/// <param name="Status">The step it is at.</param>
/// <param name="PercentComplete">0 to 100; -1 when unknown.</param>
/// <param name="Completed">True for the last report, which takes the display away.</param>
public sealed record ProgressReport(string Activity, string Status, int PercentComplete = -1, bool Completed = false);
