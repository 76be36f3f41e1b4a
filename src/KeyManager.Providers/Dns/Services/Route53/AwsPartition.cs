using System;
using System.Linq;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>A part of AWS with accounts and addresses of its own. Route 53 is one service for all of it, whatever the region.</summary>
/// <param name="Name">As it stands in an ARN.</param>
/// <param name="RegionPrefix">How the names of its regions begin; empty for all the others.</param>
/// <param name="DnsSuffix">End of the names of its services.</param>
/// <param name="Route53Host">Where Route 53 is.</param>
/// <param name="SigningRegion">The region that requests to Route 53 are signed for.</param>
internal sealed record AwsPartition(string Name, string RegionPrefix, string DnsSuffix, string Route53Host, string SigningRegion)
{
    private static readonly AwsPartition[] Known =
    [
        new("aws-us-gov", "us-gov-", "amazonaws.com", "route53.us-gov.amazonaws.com", "us-gov-west-1"),
        new("aws-cn", "cn-", "amazonaws.com.cn", "route53.amazonaws.com.cn", "cn-northwest-1"),
        new("aws-eusc", "eusc-", "amazonaws.eu", "route53.amazonaws.eu", "eusc-de-east-1"),
        new("aws", "", "amazonaws.com", "route53.amazonaws.com", "us-east-1"),
    ];

    /// <summary>The partition that a region lies in.</summary>
    public static AwsPartition Of(string region) => Known.First(p => region.StartsWith(p.RegionPrefix, StringComparison.Ordinal));
}
