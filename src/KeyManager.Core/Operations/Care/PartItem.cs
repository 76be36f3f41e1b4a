using System;

namespace KeyManager.Operations;

/// <summary>One thing that can be taken from one store to another.</summary>
/// <param name="part">What it is.</param>
/// <param name="name">Its name.</param>
/// <param name="take">Takes it, in one transaction; throws when it cannot.</param>
public sealed class PartItem(StorePart part, string name, Func<(TransferOutcome Outcome, string? Reason)> take)
{
    public StorePart Part { get; } = part;

    public string Name { get; } = name;

    /// <summary>Takes it, whole or not at all.</summary>
    /// <exception cref="StoreException">The store it goes to cannot be written to, or is locked: then nothing else can be taken either.</exception>
    public StoreTransfer Take()
    {
        try
        {
            (TransferOutcome outcome, string? reason) = take();
            return new StoreTransfer { Part = Part, Name = Name, Outcome = outcome, Reason = reason };
        }
        catch (KeyManagerException e) when (e is not StoreException || e.ErrorId is ErrorIds.SecretUndecryptable or ErrorIds.StoreCorrupt)
        {
            return new StoreTransfer { Part = Part, Name = Name, Outcome = TransferOutcome.Failed, Reason = e.Message, Remedy = e.Remedy, ErrorId = e.ErrorId };
        }
    }

    public override string ToString() => $"{Part} {Name}";
}
