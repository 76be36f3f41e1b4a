using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>Deployments.</summary>
internal sealed class DeploymentTable(Database database) : IDeploymentStore
{
    public void Put(Deployment deployment) => _ = database.Execute(
        """
        INSERT INTO deployments (id, target_id, lineage_id, started_at, document) VALUES (@id, @target, @lineage, @started, @document)
        ON CONFLICT (id) DO UPDATE SET document = @document
        """,
        ("@id", deployment.Id),
        ("@target", deployment.TargetId),
        ("@lineage", deployment.LineageId),
        ("@started", deployment.StartedAt),
        ("@document", RecordJson.Write(deployment)));

    public Deployment? Find(string id) => database.First("SELECT document FROM deployments WHERE id = @id", Read, ("@id", id));

    public IReadOnlyList<Deployment> List(string? targetId, string? lineageId, int limit)
    {
        // Only what is asked for stands in the statement: SQLite uses no index for a value that may be none.
        SearchBuilder search = new();
        if (targetId is not null)
        {
            search.Where("target_id = @target", ("@target", targetId));
        }

        if (lineageId is not null)
        {
            search.Where("lineage_id = @lineage", ("@lineage", lineageId));
        }

        search.Value("@limit", (long)limit);
        return database.Query($"SELECT document FROM deployments WHERE {search.Condition} ORDER BY started_at DESC, rowid DESC LIMIT @limit", Read, [.. search.Values]);
    }

    public bool Remove(string id) => database.Execute("DELETE FROM deployments WHERE id = @id", ("@id", id)) > 0;

    private static Deployment Read(Row row) => RecordJson.Read<Deployment>(row.Text(0));
}
