using System;
using System.Collections;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Base of the cmdlets that bring an account into the store: where its authority is, and how it is reached.</summary>
public abstract class NewAccountCmdlet : KmCmdlet
{
    /// <summary>Name of the account, unique in the store.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The authority; see Get-KmAuthority. Default: Local, or Acme where -DirectoryUrl is given.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(AuthorityCompleter))]
    public string? Authority { get; set; }

    /// <summary>Which of the authority's systems: Production (default), or Staging to try things out with certificates that nobody trusts.</summary>
    [Parameter]
    public AuthorityEnvironment Environment { get; set; }

    /// <summary>E-mail addresses for the authority.</summary>
    [Parameter]
    public string[] Contact { get; set; } = [];

    /// <summary>Accept the authority's terms of service. Without it an error names them.</summary>
    [Parameter]
    public SwitchParameter AcceptTermsOfService { get; set; }

    /// <summary>Address of an ACME server's directory, for servers that Get-KmAuthority does not list, and in the place of the one that it lists.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DirectoryUrl { get; set; }

    /// <summary>Address of the authority's API in the place of the known one: another host of it, a gateway, a test server. Plain http only for this machine.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BaseUrl { get; set; }

    /// <summary>File with the root certificates to trust for the connection, beside those of the machine: PEM or DER.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TrustedRootPath { get; set; }

    /// <summary>Address of the proxy to use, such as http://proxy.contoso.com:3128. Default: the system's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Proxy { get; set; }

    /// <summary>Further settings of the account by name; Get-KmAuthority lists them.</summary>
    [Parameter]
    public Hashtable? Setting { get; set; }

    /// <summary>Make it the account that orders use when none is named.</summary>
    [Parameter]
    public SwitchParameter Default { get; set; }

    /// <summary>The authority that is meant. Not asked of the store: -WhatIf answers where there is none yet.</summary>
    private protected AuthorityDescription Description => CompositionRoot.GetAuthority(Authority ?? (DirectoryUrl is null ? "Local" : "Acme"));

    private protected async Task<AccountRequest> RequestAsync(IPipeline pipeline, params (string Name, string? Value)[] more)
    {
        string? roots = await ResolveOptionalPathAsync(pipeline, TrustedRootPath).ConfigureAwait(false);
        return new AccountRequest
        {
            Id = Identifier.New(),
            Name = Name.Trim(),
            Environment = Environment,
            Contact = MailAddresses.Check(Contact),
            AcceptTermsOfService = AcceptTermsOfService,
            Settings = SettingTable.ToDictionary(Setting, [(nameof(DirectoryUrl), DirectoryUrl), (nameof(BaseUrl), BaseUrl), (nameof(TrustedRootPath), roots), (nameof(Proxy), Proxy), .. more]),
        };
    }

    /// <summary>Asks whether to; needs no store.</summary>
    private protected Task<bool> ConfirmAsync(IPipeline pipeline, string what)
    {
        // A server that only its address tells from others is called by its host.
        bool isUnnamed = Description is { Addresses.Count: 0, IsBuiltIn: false };
        string title = isUnnamed && Uri.TryCreate(DirectoryUrl, UriKind.Absolute, out Uri? url) ? url.Host : Description.Title;
        return pipeline.ShouldProcessAsync(Name, $"{what} {title}");
    }

    private protected async Task RegisterAsync(IPipeline pipeline, AccountRequest request, bool sync, CancellationToken cancellationToken)
    {
        AuthorityAccount account = await Services.RegisterAccount.RunAsync(Description.Name, request, Default, pipeline, cancellationToken).ConfigureAwait(false);
        if (sync)
        {
            await Services.Directory.LinkAsync(account.Id, pipeline, cancellationToken).ConfigureAwait(false);
        }

        await pipeline.WriteObjectAsync(account).ConfigureAwait(false);
    }
}
