using System;

namespace KeyManager.Providers.Dns.Services.ClouDns;

/// <summary>Nobody knows whether a record was added: look before it is added again, or it is there twice.</summary>
internal sealed class LostAnswerException() : Exception("The answer to a request that adds a record did not arrive.");
