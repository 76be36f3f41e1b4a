using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>The accounts with authorities.</summary>
internal sealed class AccountTable(Database database) : IAccountStore
{
    private const string Columns = "id, name, authority, is_default, created_at, updated_at, document";

    public void Add(AuthorityAccount account)
    {
        RequireFreeName(account);
        _ = database.Execute(
            """
            INSERT INTO accounts (id, name, name_key, authority, is_default, created_at, updated_at, document)
            VALUES (@id, @name, @name_key, @authority, 0, @created_at, @updated_at, @document)
            """,
            Values(account));
        if (account.IsDefault)
        {
            MakeDefault(account.Id);
        }
    }

    /// <remarks>Which account is the default is <see cref="MakeDefault"/>'s to say; only one that is given up stops being it by itself.</remarks>
    public void Update(AuthorityAccount account)
    {
        RequireFreeName(account);
        int changed = database.Execute(
            """
            UPDATE accounts SET name = @name, name_key = @name_key, authority = @authority, created_at = @created_at, updated_at = @updated_at, document = @document,
                is_default = is_default AND @usable
            WHERE id = @id
            """,
            [.. Values(account), ("@usable", account.Status != AccountStatus.Deactivated)]);
        if (changed == 0)
        {
            throw NotFound(account.Id);
        }
    }

    public void MakeDefault(string id)
    {
        _ = database.Execute("UPDATE accounts SET is_default = 0 WHERE is_default = 1 AND id <> @id", ("@id", id));
        if (database.Execute("UPDATE accounts SET is_default = 1 WHERE id = @id", ("@id", id)) == 0)
        {
            throw NotFound(id);
        }
    }

    public AuthorityAccount? Find(string id) => database.First($"SELECT {Columns} FROM accounts WHERE id = @id", Read, ("@id", id));

    public AuthorityAccount? FindByName(string name) =>
        database.First($"SELECT {Columns} FROM accounts WHERE name_key = @name", Read, ("@name", NamePattern.ToKey(name)));

    public IReadOnlyList<AuthorityAccount> List() => database.Query($"SELECT {Columns} FROM accounts ORDER BY name_key", Read);

    public bool Remove(string id) => database.Execute("DELETE FROM accounts WHERE id = @id", ("@id", id)) > 0;

    private static NotFoundException NotFound(string id) => new(ErrorIds.AccountNotFound, $"The account '{id}' does not exist any more.") { Target = id };

    private static AuthorityAccount Read(Row row) => RecordJson.Read<AuthorityAccount>(row.Text(6)) with
    {
        Id = row.Text(0),
        Name = row.Text(1),
        Authority = row.Text(2),
        IsDefault = row.Flag(3),
        CreatedAt = row.Time(4),
        UpdatedAt = row.Time(5),
    };

    private static (string Name, object? Value)[] Values(AuthorityAccount account) =>
    [
        ("@id", account.Id),
        ("@name", account.Name),
        ("@name_key", NamePattern.ToKey(account.Name)),
        ("@authority", account.Authority),
        ("@created_at", account.CreatedAt),
        ("@updated_at", account.UpdatedAt),
        ("@document", RecordJson.Write(account)),
    ];

    private void RequireFreeName(AuthorityAccount account)
    {
        if (database.Any("SELECT 1 FROM accounts WHERE name_key = @name AND id <> @id", ("@name", NamePattern.ToKey(account.Name)), ("@id", account.Id)))
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.AccountAlreadyExists, $"There is an account '{account.Name}' already.")
            {
                Target = account.Name,
                Remedy = "Choose another name.",
            };
        }
    }
}
