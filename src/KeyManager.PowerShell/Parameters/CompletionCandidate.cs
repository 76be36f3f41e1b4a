namespace KeyManager.PowerShell;

/// <summary>One thing that Tab may offer.</summary>
/// <param name="Text">What is typed; quoted by the completer where it needs quotes.</param>
/// <param name="ToolTip">What the menu tells about it: state, authority, expiry. Null repeats the text.</param>
public sealed record CompletionCandidate(string Text, string? ToolTip = null);
