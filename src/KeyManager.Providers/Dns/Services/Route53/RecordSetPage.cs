using System.Collections.Generic;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>A part of a list of record sets.</summary>
/// <param name="Sets">What is in it.</param>
/// <param name="Next">Where the next part begins; <c>null</c> at the end of the zone.</param>
internal sealed record RecordSetPage(IReadOnlyList<RecordSet> Sets, RecordSetStart? Next);
