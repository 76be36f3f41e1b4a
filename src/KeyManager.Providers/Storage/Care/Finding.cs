using System;

namespace KeyManager.Providers.Storage.Care;

/// <summary>One thing that is not as it should be.</summary>
/// <param name="Text">What, naming the thing.</param>
/// <param name="Fix">Mends it, within a transaction; <c>null</c> when it cannot be mended.</param>
/// <param name="IsWarning">True when nothing is lost by it.</param>
/// <param name="NeedsRecovery">True when pages cannot be read: what is readable has to be copied into a new file.</param>
internal sealed record Finding(string Text, Action? Fix = null, bool IsWarning = false, bool NeedsRecovery = false);
