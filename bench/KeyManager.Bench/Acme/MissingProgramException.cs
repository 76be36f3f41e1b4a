using System;

namespace KeyManager.Bench.Acme;

/// <summary>A program that a measurement needs is not on the PATH.</summary>
internal sealed class MissingProgramException(string program, string package) : Exception($"{program} is not on the PATH; Debian has it in the package {package}.");
