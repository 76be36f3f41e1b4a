using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>What a built-in authority has issued.</summary>
internal sealed class IssuanceTable(Database database) : IIssuanceLedger
{
    private const string Columns = "account_id, serial_number, order_id, not_after, revoked_at, reason, raw_data";

    public void Add(IssuedRecord record)
    {
        if (database.Any(
            "SELECT 1 FROM issued_certificates WHERE account_id = @account AND (order_id = @order OR serial_number = @serial)",
            ("@account", record.AccountId),
            ("@order", record.OrderId),
            ("@serial", record.SerialNumber)))
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.CertificateAlreadyExists, $"A certificate was issued for the order '{record.OrderId}' already.")
            {
                Target = record.OrderId,
            };
        }

        _ = database.Execute(
            $"INSERT INTO issued_certificates ({Columns}) VALUES (@account_id, @serial_number, @order_id, @not_after, @revoked_at, @reason, @raw_data)",
            Values(record));
    }

    public IssuedRecord? FindByOrder(string accountId, string orderId) => database.First(
        $"SELECT {Columns} FROM issued_certificates WHERE account_id = @account AND order_id = @order",
        Read,
        ("@account", accountId),
        ("@order", orderId));

    public IssuedRecord? FindBySerial(string accountId, string serialNumber) => database.First(
        $"SELECT {Columns} FROM issued_certificates WHERE account_id = @account AND serial_number = @serial",
        Read,
        ("@account", accountId),
        ("@serial", serialNumber.ToUpperInvariant()));

    public void Update(IssuedRecord record)
    {
        int changed = database.Execute(
            """
            UPDATE issued_certificates SET order_id = @order_id, not_after = @not_after, revoked_at = @revoked_at, reason = @reason, raw_data = @raw_data
            WHERE account_id = @account_id AND serial_number = @serial_number
            """,
            Values(record));
        if (changed == 0)
        {
            throw new NotFoundException(ErrorIds.CertificateNotFound, $"No certificate with the serial number {record.SerialNumber} was issued here.")
            {
                Target = record.SerialNumber,
            };
        }
    }

    public IReadOnlyList<IssuedRecord> ListRevoked(string accountId) => database.Query(
        $"SELECT {Columns} FROM issued_certificates WHERE account_id = @account AND revoked_at IS NOT NULL ORDER BY revoked_at, serial_number",
        Read,
        ("@account", accountId));

    public IReadOnlyList<IssuedRecord> List(string accountId) => database.Query(
        $"SELECT {Columns} FROM issued_certificates WHERE account_id = @account ORDER BY serial_number", Read, ("@account", accountId));

    public long CrlNumber(string accountId) => database.Number("SELECT number FROM crl_numbers WHERE account_id = @account", ("@account", accountId));

    public void RaiseCrlNumber(string accountId, long number)
    {
        if (number > 0)
        {
            _ = database.Execute(
                "INSERT INTO crl_numbers (account_id, number) VALUES (@account, @number) ON CONFLICT (account_id) DO UPDATE SET number = max(number, excluded.number)",
                ("@account", accountId),
                ("@number", number));
        }
    }

    public long NextCrlNumber(string accountId)
    {
        _ = database.Execute(
            "INSERT INTO crl_numbers (account_id, number) VALUES (@account, 1) ON CONFLICT (account_id) DO UPDATE SET number = number + 1",
            ("@account", accountId));
        return database.Number("SELECT number FROM crl_numbers WHERE account_id = @account", ("@account", accountId));
    }

    private static IssuedRecord Read(Row row) => new()
    {
        AccountId = row.Text(0),
        SerialNumber = row.Text(1),
        OrderId = row.Text(2),
        NotAfter = row.Time(3),
        RevokedAt = row.TimeOrNull(4),
        Reason = row.ReasonOrNull(5),
        Der = row.Bytes(6),
    };

    private static (string Name, object? Value)[] Values(IssuedRecord record) =>
    [
        ("@account_id", record.AccountId),
        ("@serial_number", record.SerialNumber.ToUpperInvariant()),
        ("@order_id", record.OrderId),
        ("@not_after", record.NotAfter),
        ("@revoked_at", record.RevokedAt),
        ("@reason", record.Reason),
        ("@raw_data", record.Der),
    ];
}
