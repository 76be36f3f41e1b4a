using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Discovery;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class RemoveOldVersionsTests : IDisposable
{
    private readonly TestBench _bench = new();
    private readonly List<string> _ids = [];

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_current_and_the_previous_version_stay_and_what_has_not_ended_too()
    {
        Add("www", [-400, -300, -200, -100, -1, 60]);

        Assert.Equal([1, 2, 3, 4], Versions(null, null));
        Assert.Equal([1, 2], Versions(keepVersions: 4, null));
        Assert.Equal([1], Versions(null, keepDays: 350));
        Assert.Equal([1], Versions(keepVersions: 4, keepDays: 350));
        Assert.Empty(Versions(keepVersions: 6, null));
    }

    [Fact]
    public void With_an_older_version_made_current_again_neither_it_nor_the_newest_other_one_goes()
    {
        Add("www", [-400, -300, -200, -100]);
        _bench.Store.Write(s => s.Certificates.MakeCurrent(_ids[0]));

        Assert.Equal([2], Versions(null, null));
    }

    [Fact]
    public void Versions_that_all_still_live_stay()
    {
        Add("www", [10, 20, 30, 40]);

        Assert.Empty(Versions(null, null));
    }

    [Fact]
    public void What_is_in_use_or_on_its_way_stays_until_it_is_not()
    {
        Add("www", [-400, -300, -200, -100, -50, 60]);
        _bench.Store.Write(s =>
        {
            // Seen somewhere; on a target, and what it would go back to; not deployed yet; being renewed.
            s.Sightings.Put(new Sighting { Source = DiscoverySource.Endpoint, ComputerName = "", Location = "a:443", CertificateId = _ids[0], FirstSeenAt = Some.Moment, LastSeenAt = Some.Moment });
            s.Deployments.Put(Deployed(_ids[1], 1));
            s.Deployments.Put(Deployed(_ids[5], 2));
            s.Orders.Add(Some.Order() with { RenewsCertificateId = _ids[2], Status = OrderStatus.Processing });
            s.Renewals.Put(new RenewalState { LineageId = Lineage, UndeployedId = _ids[3] });
        });

        Assert.Empty(Versions(null, null));
        Assert.All(_ids, id => Assert.False(_bench.Services.RemoveOldVersions.Run(id)));

        _bench.Store.Write(s =>
        {
            s.Sightings.Put(new Sighting { Source = DiscoverySource.Endpoint, ComputerName = "", Location = "a:443", CertificateId = _ids[0], FirstSeenAt = Some.Moment, LastSeenAt = Some.Moment, GoneAt = Some.Moment });
            s.Deployments.Put(Deployed(_ids[4], 3));
        });
        Assert.Equal([1, 2], Versions(null, null));
    }

    [Fact]
    public async Task A_version_goes_with_its_key_unless_another_uses_it_and_the_trail_tells()
    {
        await _bench.AddAccountAsync();
        Certificate first = await _bench.GetCertificateAsync("www.contoso.com");
        Certificate second = _bench.Certificate((await _bench.RenewAsync(first)).CertificateId!);
        Certificate third = _bench.Certificate((await _bench.RenewAsync(second)).CertificateId!);
        Certificate fourth = _bench.Certificate((await _bench.RenewAsync(third)).CertificateId!);
        _bench.Store.Write(s => s.Certificates.Update(s.Certificates.Find(second.Id)! with { PrivateKeyId = fourth.PrivateKeyId }));
        _bench.Clock.Advance(TimeSpan.FromDays(1000));

        foreach (Certificate version in _bench.Services.RemoveOldVersions.Find(null, null, null).ToList())
        {
            Assert.True(_bench.Services.RemoveOldVersions.Run(version.Id));
        }

        Assert.Equal([4, 3], _bench.Services.Inventory.History("www.contoso.com").Select(c => c.Version));
        Assert.Null(_bench.Store.Read(s => s.PrivateKeys.Find(first.PrivateKeyId!)));
        Assert.False(_bench.Store.Read(s => s.Secrets.Exists(SecretRef.PrivateKey(first.PrivateKeyId!))));
        Assert.NotNull(_bench.Store.Read(s => s.PrivateKeys.Find(fourth.PrivateKeyId!)));
        Assert.Equal(2, _bench.Audit().Count(a => a.Action == "OldVersionRemoved"));
        Assert.Empty(_bench.Store.CheckIntegrity());
    }

    [Fact]
    public async Task The_sweep_keeps_to_the_settings_once_a_day_and_by_default_keeps_everything()
    {
        Add("www", [-400, -300, -200, -100, 60]);

        await _bench.SweepAsync();
        Assert.Equal(5, Count());

        _bench.Services.Settings.Set("CertificateKeepVersions", "3");
        _bench.Services.Settings.Set("CertificateKeepDays", "350");
        await _bench.SweepAsync();
        Assert.Equal(4, Count());

        _bench.Services.Settings.Set("CertificateKeepDays", "0");
        await _bench.SweepAsync();
        Assert.Equal(4, Count());
        _bench.Clock.Advance(TimeSpan.FromHours(25));
        await _bench.SweepAsync();
        Assert.Equal(3, Count());
    }

    private string Lineage => _bench.Certificate(_ids[0]).LineageId;

    private int Count() => _bench.Store.Read(s => s.Certificates.Query(new CertificateQuery { IncludeHistory = true }, null, 100)).Items.Count;

    private int[] Versions(int? keepVersions, int? keepDays) => [.. _bench.Services.RemoveOldVersions.Find(null, keepVersions, keepDays).Select(c => c.Version)];

    private Deployment Deployed(string id, int minute) => new()
    {
        Id = Identifier.New(),
        TargetId = "target",
        Target = "web01",
        LineageId = Lineage,
        CertificateId = id,
        Name = "www",
        SerialNumber = "01",
        Status = DeploymentStatus.Deployed,
        Step = DeploymentStep.Ended,
        StartedAt = Some.Moment.AddMinutes(minute),
        UpdatedAt = Some.Moment.AddMinutes(minute),
    };

    /// <summary>An entry with versions that end so many days from now; the last is current.</summary>
    private void Add(string name, int[] days) => _bench.Store.Write(s =>
    {
        string lineage = Identifier.New();
        for (int i = 0; i < days.Length; i++)
        {
            Certificate version = Some.Certificate(name, lineage, i + 1, _bench.Clock.UtcNow.AddDays(days[i]));
            s.Certificates.Add(version, []);
            _ids.Add(version.Id);
        }
    });
}
