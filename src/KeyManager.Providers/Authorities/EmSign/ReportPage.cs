using System.Collections.Generic;
using KeyManager.Providers.Authorities.EmSign.Protocol;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>A page of the list of orders.</summary>
/// <param name="Orders">Its lines.</param>
/// <param name="HasMore">True when others follow.</param>
internal sealed record ReportPage(IReadOnlyList<TrackedOrder> Orders, bool HasMore);
