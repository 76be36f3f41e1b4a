using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>What authorities said about when to renew.</summary>
internal sealed class RenewalInfoTable(Database database) : IRenewalInfoStore
{
    public RenewalInfo? Find(string certificateId) => database.First(
        "SELECT certificate_id, window_start, window_end, renew_at, ask_again_at, explanation_url FROM renewal_info WHERE certificate_id = @id",
        row => new RenewalInfo
        {
            CertificateId = row.Text(0),
            WindowStart = row.Time(1),
            WindowEnd = row.Time(2),
            RenewAt = row.Time(3),
            AskAgainAt = row.Time(4),
            ExplanationUrl = row.TextOrNull(5),
        },
        ("@id", certificateId));

    public void Put(RenewalInfo info) => _ = database.Execute(
        """
        INSERT INTO renewal_info (certificate_id, window_start, window_end, renew_at, ask_again_at, explanation_url)
        VALUES (@id, @start, @end, @at, @again, @url)
        ON CONFLICT (certificate_id) DO UPDATE SET window_start = @start, window_end = @end, renew_at = @at, ask_again_at = @again, explanation_url = @url
        """,
        ("@id", info.CertificateId),
        ("@start", info.WindowStart),
        ("@end", info.WindowEnd),
        ("@at", info.RenewAt),
        ("@again", info.AskAgainAt),
        ("@url", info.ExplanationUrl));
}
