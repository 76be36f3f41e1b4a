using System;

namespace KeyManager.Tests.Dns.Services;

/// <summary>What a fake service was asked is not what its documents allow. The test fails for it, whatever the client makes of the answer.</summary>
internal sealed class ServiceFault(string message) : Exception(message);
