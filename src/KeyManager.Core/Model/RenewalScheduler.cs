namespace KeyManager;

/// <summary>What runs Invoke-KmRenewal by itself.</summary>
public enum RenewalScheduler
{
    /// <summary>Windows Task Scheduler.</summary>
    WindowsTask,

    /// <summary>A systemd timer of the system; its service runs as root or as a named user.</summary>
    SystemdSystem,

    /// <summary>A systemd timer of the user. It runs only while the user is logged on, unless lingering is on (loginctl enable-linger).</summary>
    SystemdUser,

    /// <summary>The crontab of the user.</summary>
    Cron,
}
