using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace KeyManager.Deployments;

/// <summary>Settings that targets share, whatever their kind.</summary>
public static class DeploySettings
{
    public const string Endpoint = nameof(Endpoint);
    public const string Protocol = nameof(Protocol);
    public const string ServerName = nameof(ServerName);
    public const string ProofSeconds = nameof(ProofSeconds);
    public const string KeepVersions = nameof(KeepVersions);
    public const string WebRoot = nameof(WebRoot);
    public const string WebConfig = nameof(WebConfig);

    /// <summary>The value of <see cref="Endpoint"/> that looks nowhere.</summary>
    public const string None = nameof(None);

    /// <summary>Where and how it is looked whether the certificate is served: read by the operation, for every kind.</summary>
    public static IReadOnlyList<SettingDescription> OfProof { get; } =
    [
        new()
        {
            Name = Endpoint,
            Default = "",
            Description = "Where the service answers, host:port, several with commas between them; it is looked at after each deployment. Empty takes the host and the port of the recipe, None looks nowhere.",
        },
        new()
        {
            Name = Protocol,
            Default = "",
            Choices = [.. Enum.GetNames(typeof(EndpointProtocol))],
            Description = "What is said there before TLS; empty takes that of the recipe, else Tls.",
        },
        new() { Name = ServerName, Default = "", Description = "The name to ask for (SNI); empty takes the first name of the certificate." },
        new() { Name = ProofSeconds, Default = "20", Minimum = 1, Maximum = 600, Description = "Seconds that the service has at most until it serves the new certificate." },
    ];

    /// <summary>The endpoints of a target for a certificate.</summary>
    /// <param name="context">The target.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="host">Host when none is set; <c>null</c> for none.</param>
    /// <param name="port">Port when none is set; <c>null</c> for none.</param>
    /// <param name="protocol">Protocol when none is set.</param>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public static IReadOnlyList<Endpoint> Endpoints(DeployContext context, Certificate? certificate, string? host, int? port, EndpointProtocol protocol)
    {
        string? text = context.Setting(Endpoint);
        if (string.Equals(text, None, StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        EndpointProtocol said = context.Setting(Protocol) is string name ? (EndpointProtocol)Enum.Parse(typeof(EndpointProtocol), name, ignoreCase: true) : protocol;
        string? server = context.Setting(ServerName) ?? (certificate is null ? null : NameOf(certificate));
        return text is not null
            ? [.. text.Split(',').Select(part => Parse(part.Trim(), port, said, server))]
            : host is not null && port is int number ? [new Endpoint(host, number, said, server)] : [];
    }

    /// <summary>A name that the certificate is for: of a wildcard, one that it covers.</summary>
    public static string? NameOf(Certificate certificate) =>
        (certificate.DomainNames.FirstOrDefault(n => n.Ascii.IndexOf('*') < 0) is { Ascii.Length: > 0 } plain ? plain.Ascii : certificate.DomainNames.Select(n => n.Ascii).FirstOrDefault())?.Replace("*", "www");

    private static Endpoint Parse(string text, int? port, EndpointProtocol protocol, string? server)
    {
        int colon = text.LastIndexOf(':');
        bool hasPort = colon > 0 && text.IndexOf(']') < colon && (text[0] == '[' || text.IndexOf(':') == colon);
        string host = (hasPort ? text.Substring(0, colon) : text).Trim('[', ']');
        int number = 0;
        bool isGood = hasPort ? int.TryParse(text.Substring(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number) : (number = port ?? 0) > 0;
        return host.Length > 0 && isGood && number is > 0 and < 65536 && Uri.CheckHostName(host) != UriHostNameType.Unknown
            ? new Endpoint(host, number, protocol, server)
            : throw new InvalidRequestException(ErrorIds.InvalidSetting, $"'{text}' is no endpoint.")
            {
                Target = text,
                Remedy = $"{Endpoint} is host:port, such as www.contoso.com:443; several with commas between them; None for none.",
            };
    }
}
