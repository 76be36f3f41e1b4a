namespace System.Management.Automation;

/// <summary>Exists in the double only, so that a test can tell which of the two it runs on.</summary>
public static class Driven;
