namespace KeyManager.PowerShell;

/// <summary>
/// What an empty cell of a table means: nothing was given. Import-Csv makes an empty text of it, and PowerShell makes 0 of that where a
/// number is wanted.
/// </summary>
internal static class Blank
{
    /// <summary>The text; <c>null</c> when there is none in it.</summary>
    public static string? ToNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    /// <summary>The number; <c>null</c> for 0, which no length of a key and no span of days is.</summary>
    public static int? ToNull(int? number) => number == 0 ? null : number;
}
