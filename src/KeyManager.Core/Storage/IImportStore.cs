namespace KeyManager.Storage;

/// <summary>How far the import of an account's orders has come, so that one that was interrupted goes on.</summary>
public interface IImportStore
{
    /// <summary>Where to go on; <c>null</c> at the beginning.</summary>
    string? Find(string accountId);

    /// <summary>Notes where to go on; <c>null</c> when it has come to its end.</summary>
    void Put(string accountId, string? after);
}
