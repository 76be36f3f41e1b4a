using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Operations;

/// <summary>Terms before an end on which somebody is told of it.</summary>
internal static class NoticeTerm
{
    /// <summary>
    /// The shortest of the terms that is reached, in days; 0 when it is over, <c>null</c> while there is time. The shortest, so that what is found late is told of once, and not
    /// for each term that went by.
    /// </summary>
    public static int? Reached(DateTimeOffset end, DateTimeOffset now, IEnumerable<int> days) => end <= now ? 0 : days.Where(d => end - now <= TimeSpan.FromDays(d)).Select(d => (int?)d).Min();
}
