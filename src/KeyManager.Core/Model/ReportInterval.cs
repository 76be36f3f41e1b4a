namespace KeyManager;

/// <summary>How often a report is sent. Days, weeks (from Monday) and months are those of UTC.</summary>
public enum ReportInterval
{
    /// <summary>Once a week.</summary>
    Week,

    /// <summary>Once a day.</summary>
    Day,

    /// <summary>Once a month.</summary>
    Month,
}
