using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Discovery;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Finds certificates that somebody made: on services, in files and keystores, in Windows stores and IIS, and takes them into the inventory.</summary>
/// <remarks>
/// Each place is held against the inventory and against what -Add has noted before: New, Known, Changed, Gone, or Failed with the reason. Results come as they are found; Ctrl-C keeps
/// those that came. Services are asked for their certificate and for nothing else: it counts, whether it is trusted or not, expired, or shown only to those who have one themselves.
/// about_KmDiscovery has the rules.
/// </remarks>
/// <example><code>Find-KmCertificate www.contoso.com, smtp://mail.contoso.com, 10.0.0.0/24 -Port 443, 8443</code><para>Looks at a web server, a mail server with STARTTLS, and two ports of a network.</para></example>
/// <example><code>Find-KmCertificate 10.0.0.0/24 -Add | Where-Object State -in New, Changed, Gone</code><para>Takes in what is found, and says what is different since the last time.</para></example>
/// <example><code>Find-KmCertificate 10.0.0.0/24 -Add -Tag found -Owner 'web team'</code><para>Says whose they are.</para></example>
/// <example><code>Find-KmCertificate -Path /etc -Recurse -DeployTarget web01</code><para>Looks into the files of a server, by SSH.</para></example>
/// <example><code>Find-KmCertificate -WindowsStore LocalMachine\My -IisBinding</code><para>Lists the certificates of this computer and what IIS serves.</para></example>
/// <seealso cref="ImportKmCertificateCommand"/>
/// <seealso cref="TestKmCertificateCommand"/>
[Cmdlet(VerbsCommon.Find, "KmCertificate", SupportsShouldProcess = true, DefaultParameterSetName = "Endpoint")]
[OutputType(typeof(DiscoveredCertificate))]
public sealed class FindKmCertificateCommand : LabelAddingCmdlet
{
    private readonly List<EndpointRange> _ranges = [];
    private readonly List<string> _paths = [];

    /// <summary>
    /// Where to look: www.contoso.com, www.contoso.com:8443, 10.0.0.1:8000-8100, 10.0.0.0/24, 10.0.0.1-10.0.0.20, [2001:db8::1]:443, or with a protocol: smtp://mail.contoso.com:2525.
    /// Protocols: tls, https, smtps, ldaps, ftps, imaps, pop3s, and with STARTTLS smtp, imap, pop3, ldap, postgres, ftp, xmpp, xmpp-server.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Endpoint", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("HostName", "Endpoint", "Location")]
    public string[] ComputerName { get; set; } = [];

    /// <summary>Ports where the place itself names none; default: the usual one of the protocol, which is 443 for TLS.</summary>
    [Parameter(ParameterSetName = "Endpoint", ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int[] Port { get; set; } = [];

    /// <summary>What is said before TLS where the place itself does not say it; default: what is usual on the port.</summary>
    [Parameter(ParameterSetName = "Endpoint", ValueFromPipelineByPropertyName = true)]
    public EndpointProtocol? Protocol { get; set; }

    /// <summary>The name to ask for (SNI); default: the host, for addresses none.</summary>
    [Parameter(ParameterSetName = "Endpoint", ValueFromPipelineByPropertyName = true)]
    public string? ServerName { get; set; }

    /// <summary>Hosts, addresses, networks and ranges that are left alone.</summary>
    [Parameter(ParameterSetName = "Endpoint")]
    public string[] Exclude { get; set; } = [];

    /// <summary>Seconds that a service has, from the connection to its certificate; 1 to 60, default 5.</summary>
    [Parameter(ParameterSetName = "Endpoint")]
    [ValidateRange(1, 60)]
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>How many services are looked at side by side; 1 to 512, default 64.</summary>
    [Parameter(ParameterSetName = "Endpoint")]
    [ValidateRange(1, 512)]
    public int ThrottleLimit { get; set; } = 64;

    /// <summary>Files and folders; wildcards are allowed. With -DeployTarget paths there, as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path", ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The folders below too.</summary>
    [Parameter(ParameterSetName = "Path")]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Passwords of keystores, each tried on every one that has one.</summary>
    [Parameter(ParameterSetName = "Path")]
    public SecureString[] Password { get; set; } = [];

    /// <summary>Also certificates of authorities that come without a key and name no host; otherwise they are passed over.</summary>
    [Parameter(ParameterSetName = "Path")]
    public SwitchParameter IncludeAuthority { get; set; }

    /// <summary>Certificate stores of Windows, such as LocalMachine\My.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "WindowsStore")]
    [ArgumentCompleter(typeof(WindowsStoreCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] WindowsStore { get; set; } = [];

    /// <summary>The https bindings of IIS.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "IisBinding")]
    [Parameter(ParameterSetName = "WindowsStore")]
    public SwitchParameter IisBinding { get; set; }

    /// <summary>Deployment targets to look at instead of this computer: of the kinds Ssh, Share and Local for files, Windows for stores and bindings.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "WindowsStore")]
    [Parameter(ParameterSetName = "IisBinding")]
    [ArgumentCompleter(typeof(DeployTargetCompleter))]
    public DeployTargetReference[] DeployTarget { get; set; } = [];

    /// <summary>Takes what is found into the inventory, without keys, and notes where and when it was seen; also what is gone.</summary>
    [Parameter]
    public SwitchParameter Add { get; set; }

    /// <summary>Does not ask before more than 1,024 pairs of address and port are looked at.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    // Places are gathered first: what comes through the pipeline is looked at side by side too.
    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        foreach (string place in ComputerName.Where(c => !string.IsNullOrWhiteSpace(c)))
        {
            _ranges.Add(EndpointRange.Parse(place, Port, Protocol, Blank.ToNull(ServerName)));
        }

        foreach (string path in Path)
        {
            if (DeployTarget.Length > 0)
            {
                _paths.Add(path);
            }
            else if (WildcardPattern.ContainsWildcardCharacters(path))
            {
                _paths.AddRange(await ResolveExistingPathsAsync(pipeline, path).ConfigureAwait(false));
            }
            else
            {
                _paths.Add(await ResolvePathAsync(pipeline, path).ConfigureAwait(false));
            }
        }
    }

    protected override async Task EndProcessingAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (!Add && !Labels.IsEmpty)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "-Tag, -Owner, -Group and -Note are for what is taken into the inventory, and nothing is.") { Remedy = "Use them with -Add." };
        }

        if (_ranges.Count > 0)
        {
            EndpointScope scope = new(_ranges, [.. Exclude.Select(HostRange.Parse)], TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit);
            FindCertificates.Check(scope);
            if (scope.Count <= EndpointScope.AskAbove || await pipeline.ShouldContinueAsync(
                ComputerName.FirstOrDefault() ?? "", FormattableString.Invariant($"These are {scope.Count:N0} pairs of address and port. Look at all of them?"), "Large search").ConfigureAwait(false))
            {
                await RunAsync(pipeline, scope, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        if (ParameterSetName == "Path" ? _paths.Count > 0 : ParameterSetName != "Endpoint")
        {
            IReadOnlyList<string?> targets = DeployTarget.Length > 0 ? [.. DeployTarget.Select(t => t.Text)] : [null];
            await ForEachAsync(pipeline, targets, targets.Count > 1, target => RunAsync(pipeline, ScopeOf(pipeline, target), cancellationToken)).ConfigureAwait(false);
        }
    }

    private DiscoveryScope ScopeOf(IPipeline pipeline, string? target)
    {
        ScriptRunner scripts = new(this, pipeline);
        DeployContext? context = target is null ? null : DeployAccess.Context(Services.Store, Services.DeployTargets.Resolve(target), pipeline, scripts);
        if (ParameterSetName == "Path")
        {
            return new FileScope(_paths, Recurse, [.. Password.Select(p => p.Reveal() ?? "")], IncludeAuthority, context);
        }

        return context is null || context.Target.Kind == "Windows"
            ? new WindowsScope([.. WindowsStore.Select(StoreOf)], IisBinding, scripts, context)
            : throw new InvalidRequestException(ErrorIds.InvalidParameter, $"The target {context.Target.Name} is of the kind {context.Target.Kind} and has no Windows stores.")
            {
                Target = context.Target.Name,
                Remedy = "Name a target of the kind Windows; for files use -Path.",
            };
    }

    private Task RunAsync(IPipeline pipeline, DiscoveryScope scope, CancellationToken cancellationToken) => Services.FindCertificates.RunAsync(
        scope,
        new DiscoveryOptions { MayAdd = Add ? item => pipeline.ShouldProcessAsync($"{item.Subject} at {item.Location}", ActionOf(item.State)) : null, Labels = Labels },
        item => pipeline.WriteObjectAsync(item),
        pipeline,
        cancellationToken);

    private static string ActionOf(DiscoveryState state) => state switch
    {
        DiscoveryState.New or DiscoveryState.Changed => "Add certificate to the inventory",
        DiscoveryState.Gone => "Note that the certificate is gone",
        _ => "Note that the certificate was seen",
    };

    // As people write it: Cert:\LocalMachine\My, LocalMachine/My, or My alone.
    private static string StoreOf(string text)
    {
        string[] parts = text.Trim().Replace('/', '\\').Split(['\\'], StringSplitOptions.RemoveEmptyEntries);
        parts = parts.Length > 0 && string.Equals(parts[0], "Cert:", StringComparison.OrdinalIgnoreCase) ? [.. parts.Skip(1)] : parts;
        parts = parts.Length == 1 ? ["LocalMachine", parts[0]] : parts;
        string? location = parts.Length != 2 ? null : new[] { "LocalMachine", "CurrentUser" }.FirstOrDefault(l => string.Equals(l, parts[0], StringComparison.OrdinalIgnoreCase));
        return location is not null
            ? $@"{location}\{parts[1]}"
            : throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{text}' is no certificate store of Windows.") { Target = text, Remedy = @"Write the location and the name: LocalMachine\My or CurrentUser\My." };
    }
}
