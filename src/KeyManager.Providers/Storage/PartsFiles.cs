using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Providers.Files;
using KeyManager.Storage;
using Microsoft.Data.Sqlite;

namespace KeyManager.Providers.Storage;

/// <summary>Files with parts of a store: SQLite files of the same schema, told from a store by their application id.</summary>
public sealed class PartsFiles(Clock clock, StoreOptions? options = null) : IPartsFiles
{
    private readonly StoreOptions _options = options ?? new StoreOptions();

    public INewParts Create(string path, IReadOnlyList<KeyProtectorRequest> protectors)
    {
        _ = path ?? throw new ArgumentNullException(nameof(path));
        _ = protectors ?? throw new ArgumentNullException(nameof(protectors));
        if (File.Exists(path) || Directory.Exists(path))
        {
            throw Exists(path);
        }

        string temporary = StoreFile.TemporaryBeside(path);
        List<string> newKeys = [.. protectors.Select(p => p.Path).OfType<string>().Where(key => !File.Exists(key))];
        SqliteStore store = SqliteStore.Create(new StoreLocation(temporary, StoreScope.CurrentUser), clock, _options with { Protectors = protectors });
        return new Made(store, temporary, path, newKeys);
    }

    public IParts Open(string path, byte[]? passphrase, string? keyFilePath)
    {
        _ = path ?? throw new ArgumentNullException(nameof(path));
        if (!File.Exists(path))
        {
            throw new NotFoundException(ErrorIds.FileNotFound, $"There is no file '{path}'.") { Target = path, Remedy = "Check the path." };
        }

        // A copy is opened: an older one is brought up to date, and the file may lie where nobody can write.
        string folder = Path.Combine(Path.GetTempPath(), "keymanager-" + Identifier.New());
        string copy = Path.Combine(folder, "parts.db");
        try
        {
            CheckHeader(path);
            PrivateFile.CreateFolder(folder);
            StoreFile.Copy(path, copy);
            using (Database database = Database.Open(copy, _options.BusyTimeout))
            {
                long application = database.Number("PRAGMA application_id");
                if (application is not Migrator.PartsApplicationId and not Migrator.ApplicationId)
                {
                    throw SqliteErrors.CorruptError(path, "is a database, but holds no parts of a KeyManager store");
                }

                database.Script(FormattableString.Invariant($"PRAGMA application_id = {Migrator.ApplicationId};"));
                if (keyFilePath is not null)
                {
                    database.Begin(forWriting: true);
                    _ = database.Execute("UPDATE key_protectors SET path = @path WHERE kind = @kind", ("@path", keyFilePath), ("@kind", KeyProtectorKind.KeyFile));
                    database.Commit();
                }
            }

            SqliteStore store = SqliteStore.Open(new StoreLocation(copy, StoreScope.CurrentUser), clock, createIfMissing: false, _options);
            try
            {
                store.Protection.Unlock(passphrase);
                return new Opened(store, folder);
            }
            catch
            {
                store.Dispose();
                throw;
            }
        }
        catch (Exception e)
        {
            DeleteFolder(folder);
            if (Known(e, copy, path) is { } known)
            {
                throw known;
            }

            throw;
        }
    }

    private static void CheckHeader(string path)
    {
        const string Remedy = "Copy it again from where it came, or export it again with Export-KmStore.";
        StoreHeader header = StoreHeader.Read(path)
            ?? throw new StoreException(ErrorIds.StoreCorrupt, $"The file '{path}' was not written by Export-KmStore: it is no database.") { Target = path, Remedy = Remedy };
        if (header.IsCut)
        {
            throw new StoreException(ErrorIds.StoreCorrupt, $"The file '{path}' is cut off: {header.Rest}.") { Target = path, Remedy = Remedy };
        }
    }

    /// <summary>The same error about the file that the user knows.</summary>
    private static StoreException? Known(Exception error, string copy, string path) => error switch
    {
        SqliteException e => (StoreException?)(SqliteErrors.Translate(e, path) as StoreException),
        StoreException e when e.Message.Contains(copy) => new StoreException(e.ErrorId, e.Message.Replace(copy, path), e) { Target = path, Remedy = e.ErrorId == ErrorIds.StoreLocked ? "Give its -Passphrase or -KeyFilePath." : e.Remedy },
        IOException or UnauthorizedAccessException => new StoreException(ErrorIds.FileNotReadable, $"The file '{path}' cannot be read: {error.Message.TrimEnd('.')}.", error) { Target = path, Remedy = "Check its rights." },
        _ => null,
    };

    private static void DeleteFolder(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What led here is worth more; what is left is private and encrypted.
        }
    }

    private static ConflictException Exists(string path) => new(ConflictKind.Exists, ErrorIds.FileExists, $"The file '{path}' exists already.") { Target = path, Remedy = "Choose another name." };

    private sealed class Opened(SqliteStore store, string folder) : IParts
    {
        public IStore Store => store;

        public void Dispose()
        {
            store.Dispose();
            DeleteFolder(folder);
        }
    }

    private sealed class Made(SqliteStore store, string temporary, string path, IReadOnlyList<string> newKeys) : INewParts
    {
        private bool _isComplete;

        public IStore Store => store;

        public void Complete()
        {
            store.Dispose();
            using (Database database = Database.Open(temporary, TimeSpan.FromSeconds(1)))
            {
                database.Script(FormattableString.Invariant($"PRAGMA application_id = {Migrator.PartsApplicationId}; PRAGMA journal_mode = DELETE;"));
            }

            _isComplete = PrivateFile.PublishNew(temporary, path) ? true : throw Exists(path);
        }

        public void Dispose()
        {
            store.Dispose();
            StoreFile.DeleteQuietly(temporary);
            foreach (string key in _isComplete ? [] : newKeys)
            {
                PrivateFile.DeleteQuietly(key);
            }
        }
    }
}
