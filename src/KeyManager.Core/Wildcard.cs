namespace KeyManager;

/// <summary>Compares a name with a pattern in which * stands for any characters and ? for one. Letter case does not matter.</summary>
internal static class Wildcard
{
    public static bool Fits(string pattern, string text)
    {
        int p = 0, t = 0, star = -1, back = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                back = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(text[t])))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++back;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }
}
