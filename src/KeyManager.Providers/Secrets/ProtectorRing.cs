using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Providers.Files;
using KeyManager.Providers.Storage;
using KeyManager.Storage;

namespace KeyManager.Providers.Secrets;

/// <summary>Wraps the data key for protectors and gets it back through any one of them.</summary>
internal sealed class ProtectorRing
{
    private const string Purpose = "KeyManager protector v1";

    /// <summary>Cheapest first.</summary>
    private static readonly KeyProtectorKind[] Unattended = [KeyProtectorKind.DpapiUser, KeyProtectorKind.DpapiMachine, KeyProtectorKind.KeyFile];

    private readonly ProtectorSite _site;
    private readonly HostEnvironment _environment;
    private readonly Dictionary<KeyProtectorKind, IKeySource> _sources;

    public ProtectorRing(ProtectorSite site, StoreOptions options)
    {
        _site = site;
        _environment = options.Environment;
        _sources = new IKeySource[]
        {
            new DpapiSource(KeyProtectorKind.DpapiUser, _environment),
            new DpapiSource(KeyProtectorKind.DpapiMachine, _environment),
            new KeyFileSource(_environment),
            new PassphraseSource(options.PassphraseCost),
        }.ToDictionary(source => source.Kind);
    }

    /// <summary>The protector that a new store gets when none is asked for.</summary>
    public KeyProtectorKind DefaultKind => !_environment.IsWindows
        ? KeyProtectorKind.KeyFile
        : _site.Location.Scope == StoreScope.CurrentUser ? KeyProtectorKind.DpapiUser : KeyProtectorKind.DpapiMachine;

    /// <summary>Adds a protector for the data key. <paramref name="undo"/> takes back what was made outside of the store, should the transaction fail.</summary>
    public KeyProtector Add(Database database, KeyProtectorRequest request, DataKey dataKey, Clock clock, out Action undo)
    {
        ProtectorTable table = new(database);
        List<ProtectorRow> rows = table.List();
        string name = ChooseName(request, rows);
        NewProtectorKey made = Source(request.Kind).Create(request, _site);
        undo = made.Undo;
        using SecretBytes key = made.Key;
        if (request.Kind == KeyProtectorKind.KeyFile && rows.Any(row => row.Kind == KeyProtectorKind.KeyFile && row.Path == made.Path))
        {
            throw AlreadyExists(name, $"The key file '{made.Path}' protects the store already.");
        }

        ProtectorRow added = new(Identifier.New(), name, request.Kind, made.Path, made.Parameters, dataKey.Id, [], clock.UtcNow);
        added = added with { WrappedKey = Wrap(added, key, dataKey) };
        table.Add(added);
        return added.ToModel();
    }

    /// <summary>Gets the data key: with the passphrase when there is one, else by whatever works without asking.</summary>
    /// <exception cref="StoreException">KmWrongPassword, KmStoreLocked.</exception>
    public DataKey Open(IReadOnlyList<ProtectorRow> rows, byte[]? passphrase)
    {
        List<string> reasons = [];
        List<ProtectorRow> byPassphrase = [.. rows.Where(row => row.Kind == KeyProtectorKind.Passphrase)];
        if (passphrase is not null)
        {
            return Try(byPassphrase, passphrase, reasons) ?? throw (byPassphrase.Count > 0 && reasons.All(reason => reason.EndsWith(Mismatch(KeyProtectorKind.Passphrase), StringComparison.Ordinal))
                ? new StoreException(ErrorIds.WrongPassword, $"The passphrase does not open the store '{_site.Location.Path}'.") { Target = _site.Location.Path, Remedy = "Give the passphrase that was given to Add-KmKeyProtector or Initialize-KmStore; letter case counts." }
                : Locked(byPassphrase.Count > 0 ? reasons : ["The store has no passphrase protector"]));
        }

        foreach ((byte[] given, string origin) in PassphrasesOfEnvironment(reasons))
        {
            List<string> failures = [];
            DataKey? opened = Try(byPassphrase, given, failures);
            Array.Clear(given, 0, given.Length);
            if (opened is not null)
            {
                return opened;
            }

            reasons.AddRange(failures.Select(failure => $"{failure} ({origin})"));
        }

        List<ProtectorRow> unattended = [.. rows.Where(row => Unattended.Contains(row.Kind)).OrderBy(row => Array.IndexOf(Unattended, row.Kind))];
        DataKey? key = Try(unattended, null, reasons);
        if (key is not null)
        {
            return key;
        }

        reasons.AddRange(rows.Where(row => !unattended.Contains(row) && reasons.All(reason => !reason.StartsWith(Label(row), StringComparison.Ordinal)))
            .Select(row => $"{Label(row)}: {(row.Kind == KeyProtectorKind.Passphrase ? "no passphrase was given" : "this version of KeyManager does not know its kind")}"));
        throw Locked(reasons);
    }

    /// <summary>Tries each protector by itself, without asking; answers why one does not open the store here, <c>null</c> when it does.</summary>
    public IReadOnlyList<(ProtectorRow Row, string? Problem)> Try(IReadOnlyList<ProtectorRow> rows)
    {
        List<(ProtectorRow, string?)> tried = [];
        foreach (ProtectorRow row in rows)
        {
            List<string> reasons = [];
            using DataKey? key = row.Kind == KeyProtectorKind.Passphrase ? TryEnvironment(row, reasons) : Try([row], null, reasons);
            tried.Add((row, key is null ? reasons.FirstOrDefault() ?? $"{Label(row)}: no passphrase was given" : null));
        }

        return tried;
    }

    /// <summary>Wraps a new data key for every protector. Answers those that were dropped because their key is out of reach.</summary>
    public List<KeyProtector> Rewrap(Database database, DataKey old, DataKey made, byte[]? passphrase, bool dropUnreachable)
    {
        ProtectorTable table = new(database);
        List<ProtectorRow> rows = table.List();
        List<ProtectorRow> unreachable = [];
        List<string> reasons = [];
        foreach (ProtectorRow row in rows)
        {
            using SecretBytes? key = FindKey(row, old, passphrase, reasons);
            if (key is null)
            {
                unreachable.Add(row);
                continue;
            }

            ProtectorRow rewrapped = row with { DataKeyId = made.Id };
            table.Rewrap(row.Id, made.Id, Wrap(rewrapped, key, made));
        }

        if (unreachable.Count > 0 && (!dropUnreachable || unreachable.Count == rows.Count))
        {
            throw new StoreException(ErrorIds.ProtectorUnavailable, $"The data key cannot be wrapped again for every protector. {string.Join("; ", reasons)}.")
            {
                Target = _site.Location.Path,
                Remedy = "Give the passphrase, run the command where the protector works, or use -Force to drop the protectors out of reach.",
            };
        }

        foreach (ProtectorRow row in unreachable)
        {
            table.Remove(row.Id);
        }

        return [.. unreachable.Select(row => row.ToModel())];
    }

    private static string Label(ProtectorRow row) => row.Name == row.Kind.ToString() ? row.Name : $"{row.Name} ({row.Kind})";

    private static string Mismatch(KeyProtectorKind kind) => kind switch
    {
        KeyProtectorKind.Passphrase => "the passphrase is wrong",
        KeyProtectorKind.KeyFile => "the key file is not the one it was made with",
        _ => "its row was changed",
    };

    private static ConflictException AlreadyExists(string name, string message) =>
        new(ConflictKind.Exists, ErrorIds.ProtectorAlreadyExists, message) { Target = name, Remedy = "Choose another name or another file." };

    private static string ChooseName(KeyProtectorRequest request, List<ProtectorRow> rows)
    {
        bool IsTaken(string name) => rows.Any(row => NamePattern.ToKey(row.Name) == NamePattern.ToKey(name));
        if (!string.IsNullOrWhiteSpace(request.Name))
        {
            return !IsTaken(request.Name!) ? request.Name! : throw AlreadyExists(request.Name!, $"The store has a protector '{request.Name}' already.");
        }

        string name = request.Kind.ToString();
        for (int number = 2; IsTaken(name); number++)
        {
            name = FormattableString.Invariant($"{request.Kind} {number}");
        }

        return name;
    }

    private IKeySource Source(KeyProtectorKind kind) => _sources.TryGetValue(kind, out IKeySource? source)
        ? source
        : throw new StoreException(ErrorIds.ProtectorUnavailable, "this version of KeyManager does not know its kind");

    private DataKey? TryEnvironment(ProtectorRow row, List<string> reasons)
    {
        foreach ((byte[] given, string _) in PassphrasesOfEnvironment(reasons))
        {
            DataKey? opened = Try([row], given, reasons);
            Array.Clear(given, 0, given.Length);
            if (opened is not null)
            {
                return opened;
            }
        }

        return null;
    }

    private DataKey? Try(IEnumerable<ProtectorRow> rows, byte[]? passphrase, List<string> reasons)
    {
        foreach (ProtectorRow row in rows)
        {
            foreach (SecretBytes candidate in Candidates(row, passphrase, reasons))
            {
                using (candidate)
                {
                    if (Unwrap(row, candidate) is { } dataKey)
                    {
                        return dataKey;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>The protector's key, known to be right because it opens what it wraps now.</summary>
    private SecretBytes? FindKey(ProtectorRow row, DataKey dataKey, byte[]? passphrase, List<string> reasons)
    {
        IEnumerable<byte[]?> passphrases = row.Kind != KeyProtectorKind.Passphrase || passphrase is not null
            ? [passphrase]
            : [.. PassphrasesOfEnvironment([]).Select(given => given.Passphrase), null];
        foreach (byte[]? given in passphrases)
        {
            foreach (SecretBytes candidate in Candidates(row, given, reasons))
            {
                using DataKey? opened = Unwrap(row, candidate);
                if (opened?.Id == dataKey.Id)
                {
                    return candidate;
                }

                candidate.Dispose();
            }
        }

        return null;
    }

    private List<SecretBytes> Candidates(ProtectorRow row, byte[]? passphrase, List<string> reasons)
    {
        try
        {
            List<SecretBytes> candidates = [.. Source(row.Kind).Find(row, _site, passphrase)];
            if (!candidates.Exists(candidate =>
            {
                using DataKey? opened = Unwrap(row, candidate);
                return opened is not null;
            }))
            {
                reasons.Add($"{Label(row)}: {Mismatch(row.Kind)}");
            }

            return candidates;
        }
        catch (StoreException e)
        {
            reasons.Add($"{Label(row)}: {e.Message.TrimEnd('.')}{(e.ErrorId == ErrorIds.StoreRightsTooWide ? $" - {e.Remedy}" : "")}");
            return [];
        }
    }

    private IEnumerable<(byte[] Passphrase, string Origin)> PassphrasesOfEnvironment(List<string> reasons) =>
        PassphraseVariables.Read(_environment, reasons);

    private byte[] Wrap(ProtectorRow row, SecretBytes key, DataKey dataKey) =>
        SecretBox.Seal(new DataKey(dataKey.Id, key), Purpose, _site.StoreId, Place(row), dataKey.Key.Bytes);

    private DataKey? Unwrap(ProtectorRow row, SecretBytes key)
    {
        byte[]? opened = SecretBox.Open(new DataKey(row.DataKeyId, key), Purpose, _site.StoreId, Place(row), row.WrappedKey);
        return opened is null ? null : new DataKey(row.DataKeyId, SecretBytes.Take(opened));
    }

    /// <summary>The parameters are bound in: nobody can lower the cost of a passphrase or swap a salt unnoticed.</summary>
    private static string[] Place(ProtectorRow row) => ["key_protectors", row.Id, row.Kind.ToString(), row.Parameters];

    private StoreException Locked(IEnumerable<string> reasons) =>
        new(ErrorIds.StoreLocked, $"The store '{_site.Location.Path}' is locked and no protector opens it here. {string.Join("; ", reasons)}.")
        {
            Target = _site.Location.Path,
            Remedy = "Run Unlock-KmStore with a passphrase, or run the command as the user and on the machine that a protector is for.",
        };
}
