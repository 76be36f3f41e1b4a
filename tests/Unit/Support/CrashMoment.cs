namespace KeyManager.Tests.Support;

/// <summary>When in the course of a change a process dies.</summary>
public enum CrashMoment
{
    /// <summary>The answer of the authority is here, what it says is not kept.</summary>
    Within,

    /// <summary>It is kept; nothing that would follow was begun.</summary>
    After,
}
