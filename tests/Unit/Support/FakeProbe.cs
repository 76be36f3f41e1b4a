using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Dns;

namespace KeyManager.Tests.Support;

/// <summary>A world of files and TXT records that the test fills in.</summary>
public sealed class FakeProbe : IValidationProbe
{
    public Dictionary<string, string> Files { get; } = [];

    public Dictionary<string, List<string>> TextRecords { get; } = [];

    public List<string> Asked { get; } = [];

    public void Publish(Challenge challenge)
    {
        if (challenge.Type == ChallengeType.Http01)
        {
            Files[challenge.Location!] = challenge.Value!;
        }
        else if (TextRecords.TryGetValue(challenge.Location!, out List<string>? values))
        {
            values.Add(challenge.Value!);
        }
        else
        {
            TextRecords[challenge.Location!] = [challenge.Value!];
        }
    }

    public Task<string> GetFileAsync(Uri url, string? connectTo, CancellationToken cancellationToken)
    {
        Asked.Add(url.AbsoluteUri);
        return Files.TryGetValue(url.AbsoluteUri, out string? content)
            ? Task.FromResult(content)
            : throw new ChallengeException(ErrorIds.ChallengeFailed, $"{url} answered with status 404.");
    }

    public Task<IReadOnlyList<string>> GetRecordsAsync(string name, DnsRecordType type, string? resolver, CancellationToken cancellationToken)
    {
        Asked.Add(name);
        return Task.FromResult<IReadOnlyList<string>>(TextRecords.TryGetValue(name, out List<string>? values) ? values : []);
    }
}
