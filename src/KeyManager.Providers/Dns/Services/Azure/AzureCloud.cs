using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>A cloud of Microsoft: where one signs in, where its resources are managed, and what a token has to be for. The three belong together.</summary>
/// <param name="Name">As Azure PowerShell calls it.</param>
/// <param name="Login">Where tokens are had.</param>
/// <param name="Management">Azure Resource Manager.</param>
/// <param name="OlderAudience">What tokens for the management were called before; still as good.</param>
/// <param name="LongestRecordSet">Characters that all texts of one record set may have together.</param>
internal sealed record AzureCloud(string Name, string Login, string Management, string OlderAudience, int LongestRecordSet)
{
    /// <summary>The clouds that there are. The German one was closed in 2021.</summary>
    public static IReadOnlyList<AzureCloud> All { get; } =
    [
        new("AzureCloud", "https://login.microsoftonline.com", "https://management.azure.com", "https://management.core.windows.net", 4096),
        new("AzureUSGovernment", "https://login.microsoftonline.us", "https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net", 1024),
        new("AzureChinaCloud", "https://login.chinacloudapi.cn", "https://management.chinacloudapi.cn", "https://management.core.chinacloudapi.cn", 1024),
    ];

    /// <summary>The cloud of this name; its values are checked before.</summary>
    public static AzureCloud Get(string name) => All.First(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));
}
