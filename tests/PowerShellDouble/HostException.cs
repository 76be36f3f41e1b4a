namespace System.Management.Automation.Host;

/// <summary>What a host throws that cannot prompt.</summary>
public class HostException(string message) : RuntimeException(message);
