using System.Collections.Generic;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>A public zone.</summary>
/// <param name="Id">Its resource id.</param>
/// <param name="NameServers">The servers that Azure has given to it, in lower case without a final dot; empty when it was not listed. A second zone of this name has others.</param>
internal sealed record AzureZone(AzureZoneId Id, IReadOnlyList<string> NameServers);
