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
        SearchBuilder search = new();
        search.WhereIs("target_id", "@target", targetId);
        search.WhereIs("lineage_id", "@lineage", lineageId);
        search.Value("@limit", (long)limit);
        return database.Query($"SELECT document FROM deployments WHERE {search.Condition} ORDER BY started_at DESC, rowid DESC LIMIT @limit", Read, [.. search.Values]);
    }

    public bool Remove(string id) => database.Execute("DELETE FROM deployments WHERE id = @id", ("@id", id)) > 0;

    private static Deployment Read(Row row) => RecordJson.Read<Deployment>(row.Text(0));
}
