using System;
using System.Collections.Generic;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>The metadata of an EC2 instance (version 2) and the credential endpoint of a container. Strict; what it hands out, the fake Route 53 knows.</summary>
internal sealed class FakeMetadata : IDisposable
{
    private const string Token = "AQAEAExampleToken==";
    private const string Roles = "/latest/meta-data/iam/security-credentials/";

    private readonly FakeRoute53 _service;
    private readonly Clock _clock;
    private readonly LoopbackHttpServer _server;
    private readonly List<string> _faults = [];

    public FakeMetadata(FakeRoute53 service, Clock clock)
    {
        (_service, _clock) = (service, clock);
        _server = new LoopbackHttpServer(Answer);
    }

    public string Url => $"http://{_server.Authority}";

    public List<string> Calls { get; } = [];

    /// <summary>The role of the instance; null for none.</summary>
    public string? Role { get; set; } = "web server";

    /// <summary>Status of the token's request where there is no version 2.</summary>
    public int? TokenStatus { get; set; }

    /// <summary>A refusal in the place of credentials.</summary>
    public string? Refusal { get; set; }

    /// <summary>What the container's Authorization header has to be.</summary>
    public string? Authorization { get; set; }

    public TimeSpan Length { get; set; } = TimeSpan.FromHours(6);

    public void Dispose()
    {
        _server.Dispose();
        if (_faults.Count > 0)
        {
            throw new InvalidOperationException($"The metadata complain: {string.Join("; ", _faults)}");
        }
    }

    private HttpAnswer Answer(HttpCall call)
    {
        lock (Calls)
        {
            Calls.Add($"{call.Method} {call.Target}");
            string? token = call.Field("X-aws-ec2-metadata-token");
            switch (call.Method, call.Target)
            {
                case ("PUT", "/latest/api/token") when call.Field("X-aws-ec2-metadata-token-ttl-seconds") == "21600":
                    return TokenStatus is int status ? new HttpAnswer(status) : new HttpAnswer(200).WithBody(Token);
                case ("GET", "/v2/credentials/x"):
                    return call.Field("Authorization") == Authorization ? Credentials() : new HttpAnswer(401);
                case ("GET", _) when token is null ? TokenStatus is null : token != Token:
                    return new HttpAnswer(401);
                case ("GET", Roles):
                    return Role is null ? new HttpAnswer(404) : new HttpAnswer(200).WithBody(Role + "\n");
                case ("GET", Roles + "web%20server"):
                    return Refusal is null ? Credentials() : new HttpAnswer(200).WithBody(Refusal);
                default:
                    _faults.Add($"{call.Method} {call.Target}");
                    return new HttpAnswer(400);
            }
        }
    }

    private HttpAnswer Credentials()
    {
        string id = $"ASIA{_service.Keys.Count:D12}META";
        DateTimeOffset end = _clock.UtcNow + Length;
        _service.Keys[id] = ("meta/secret+" + id, "IQoJ//" + id + "==", end);
        return new HttpAnswer(200).With("Content-Type", "text/plain").WithBody(StrictJson.Write(new Dictionary<string, object?>
        {
            ["Code"] = "Success", ["LastUpdated"] = "2026-01-02T03:04:05Z", ["Type"] = "AWS-HMAC", ["AccessKeyId"] = id, ["SecretAccessKey"] = _service.Keys[id].Secret,
            ["Token"] = _service.Keys[id].Token, ["Expiration"] = $"{end.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}",
        }));
    }
}
