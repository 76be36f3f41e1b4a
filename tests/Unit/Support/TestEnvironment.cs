using System.Collections.Generic;
using System.IO;
using KeyManager.Providers.Files;

namespace KeyManager.Tests.Support;

/// <summary>A machine whose folders lie below one temporary folder and whose variables the test sets.</summary>
public sealed class TestEnvironment(string root) : HostEnvironment
{
    public Dictionary<string, string> Variables { get; } = [];

    public bool? Windows { get; init; }

    public bool? Mac { get; init; }

    public bool Root { get; init; }

    public override bool IsWindows => Windows ?? base.IsWindows;

    public override bool IsMacOS => Mac ?? base.IsMacOS;

    public override bool IsRoot => Root;

    public override string Home => Path.Combine(root, "home");

    public override string LocalApplicationData => Path.Combine(root, "local");

    public override string CommonApplicationData => Path.Combine(root, "common");

    public override string MachineData => Path.Combine(root, "var-lib");

    public override string MachineConfiguration => Path.Combine(root, "etc");

    public override string MountedSecrets => Path.Combine(root, "run-secrets");

    public override string? Variable(string name) => Variables.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;
}
