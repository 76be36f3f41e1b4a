using System.Collections.Generic;

namespace KeyManager.Tests.Dns.Services;

/// <summary>A hosted zone of the fake Route 53.</summary>
internal sealed record FakeZone(string Id, string Name, bool IsPrivate, bool IsLinked, bool IsServed)
{
    public List<FakeRecordSet> Sets { get; } = [];
}
