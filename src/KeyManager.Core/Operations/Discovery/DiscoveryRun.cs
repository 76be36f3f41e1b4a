using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Discovery;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>One search: makes results of what the finder sees. Used by one thread at a time.</summary>
internal sealed class DiscoveryRun(KeyManagerPorts ports, DiscoveryScope scope, DiscoveryOptions options, Func<DiscoveredCertificate, Task> found, IReporter reporter)
{
    private const string Activity = "Looking for certificates";
    private const int ReportEvery = 16;

    private readonly HashSet<(DiscoverySource Source, string Location)> _seen = [];
    private readonly List<string> _unreadable = [];
    private long _looked;
    private int _certificates;
    private int _failed;
    private int _empty;

    /// <summary>Works on what was seen at a place.</summary>
    public async Task TakeAsync(Finding finding)
    {
        _looked++;
        if (finding.Source != DiscoverySource.Endpoint)
        {
            // Of services every place is handed over, so nothing has to be remembered for the end.
            _seen.Add((finding.Source, finding.Location));
        }

        Sighting? last = ports.Store.Read(session => session.Sightings.Find(finding.Source, finding.ComputerName, finding.Location));
        DiscoveredCertificate result = new()
        {
            Source = finding.Source,
            Computer = finding.ComputerName,
            Location = finding.Location,
            TlsVersion = finding.TlsVersion,
            HasPrivateKey = finding.HasPrivateKey,
            Problem = finding.Problem,
            SeenAt = ports.Clock.UtcNow,
            FirstSeenAt = last?.FirstSeenAt,
            LastSeenAt = last?.LastSeenAt,
        };
        if (finding.Certificate is not null)
        {
            await TakeCertificateAsync(finding, result, last).ConfigureAwait(false);
        }
        else if (finding.IsAbsent && last is { GoneAt: null })
        {
            await GoneAsync(result, last).ConfigureAwait(false);
        }
        else if (finding.IsAbsent && !finding.IsNamed)
        {
            _empty++;
        }
        else
        {
            _unreadable.Add(finding.Location);
            await FailedAsync(result).ConfigureAwait(false);
        }

        Progress();
    }

    /// <summary>Says what is remembered of the scope and did not come up.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (DiscoverySource source in Enum.GetValues(typeof(DiscoverySource)))
        {
            IReadOnlyList<Sighting> remembered = source == DiscoverySource.Endpoint ? [] : ports.Store.Read(session => session.Sightings.List(source, scope.ComputerName));
            foreach (Sighting sighting in remembered.Where(s => scope.Covers(s.Source, s.Location) && !_seen.Contains((s.Source, s.Location))))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!_unreadable.Exists(place => FileScope.IsBelow(sighting.Location, place)))
                {
                    DiscoveredCertificate result = new()
                    {
                        Source = source, Computer = sighting.ComputerName, Location = sighting.Location, SeenAt = ports.Clock.UtcNow, FirstSeenAt = sighting.FirstSeenAt,
                        LastSeenAt = sighting.LastSeenAt, Problem = "It is not there any more.",
                    };
                    await GoneAsync(result, sighting).ConfigureAwait(false);
                }
            }
        }

        reporter.Verbose(FormattableString.Invariant(
            $"Looked at {_looked} places: {_certificates} certificates, {_failed} that could not be read or were named and did not answer, {_empty} where nobody answers."));
    }

    /// <summary>Takes the progress away.</summary>
    public void Close() => reporter.Progress(new ProgressReport(Activity, "Done", Completed: true));

    private async Task TakeCertificateAsync(Finding finding, DiscoveredCertificate result, Sighting? last)
    {
        CertificateContent leaf;
        try
        {
            leaf = ports.Certificates.Parse(finding.Certificate!); // asked for by the caller
        }
        catch (KeyMaterialException error)
        {
            _unreadable.Add(finding.Location);
            await FailedAsync(result with { Problem = error.Message }).ConfigureAwait(false);
            return;
        }

        _certificates++;
        (Certificate? known, Certificate? before) = ports.Store.Read(session => (session.Certificates.FindBySha256(leaf.Sha256Thumbprint), last is null ? null : session.Certificates.Find(last.CertificateId)));
        bool isChanged = last is { GoneAt: null } && before is not null && before.Id != known?.Id;
        result = Describe(result, leaf) with
        {
            State = isChanged ? DiscoveryState.Changed : known is null ? DiscoveryState.New : DiscoveryState.Known,
            Name = known?.Name,
            PreviousThumbprint = isChanged ? before!.Sha256Thumbprint : null, // then there is one
            ChainLength = finding.Chain.Count,
            Text = Encoding.ASCII.GetString(ports.Certificates.ToPem([leaf.Der, .. finding.Chain])),
        };
        await found(await AddAsync(result, () => new DiscoveredEntry(ports).Note(finding, leaf, last, known, options.Labels)).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task GoneAsync(DiscoveredCertificate result, Sighting last)
    {
        Certificate? was = ports.Store.Read(session => session.Certificates.Find(last.CertificateId));
        result = (was is null or { IsDetailsOnly: true } ? result : Describe(result, ports.Certificates.Parse(was.RawData))) with { State = DiscoveryState.Gone, Name = was?.Name, RawData = was?.RawData ?? [] };
        await found(await AddAsync(result, () => new DiscoveredEntry(ports).GiveUp(last, was)).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private Task FailedAsync(DiscoveredCertificate result)
    {
        _failed++;
        return found(result with { State = DiscoveryState.Failed, Problem = DisplayText.Of(result.Problem ?? "It holds no certificate.") });
    }

    // One that cannot be taken in is a line with the reason, and the others go on.
    private async Task<DiscoveredCertificate> AddAsync(DiscoveredCertificate result, Func<Certificate?> add)
    {
        if (options.MayAdd is null || !await options.MayAdd(result).ConfigureAwait(false))
        {
            return result;
        }

        try
        {
            return result with { Name = add()?.Name ?? result.Name, IsAdded = true };
        }
        catch (KeyManagerException error) when (error is not StoreException)
        {
            return result with { Problem = $"It was not taken into the inventory: {error.Message}" };
        }
    }

    private DiscoveredCertificate Describe(DiscoveredCertificate result, CertificateContent leaf) => result with
    {
        Subject = DisplayText.Of(leaf.Subject),
        Issuer = DisplayText.Of(leaf.Issuer),
        DomainNames = leaf.DomainNames,
        SerialNumber = leaf.SerialNumber,
        Thumbprint = leaf.Thumbprint,
        Sha256Thumbprint = leaf.Sha256Thumbprint,
        NotBefore = leaf.NotBefore,
        NotAfter = leaf.NotAfter,
        DaysLeft = (int)Math.Floor((leaf.NotAfter - ports.Clock.UtcNow).TotalDays),
        KeyDescription = leaf.KeyDescription,
        SignatureAlgorithm = leaf.SignatureAlgorithm,
        IsSelfSigned = leaf.IsSelfSigned,
        RawData = leaf.Der,
    };

    private void Progress()
    {
        if (_looked % ReportEvery == 1)
        {
            reporter.Progress(scope.Count is long count && count > 0
                ? new ProgressReport(Activity, FormattableString.Invariant($"{_looked} of {count} places, {_certificates} certificates"), (int)Math.Min(100, _looked * 100 / count))
                : new ProgressReport(Activity, FormattableString.Invariant($"{_looked} places, {_certificates} certificates")));
        }
    }
}
