using System;
using System.Xml.Linq;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>A hosted zone as Route 53 lists it.</summary>
/// <param name="Id">Without the path before it.</param>
/// <param name="Name">Lower case, no final dot.</param>
/// <param name="IsPrivate">True for one that only networks of AWS see.</param>
/// <param name="IsLinked">True for one that another service of AWS made and keeps.</param>
internal sealed record ListedZone(string Id, string Name, bool IsPrivate, bool IsLinked)
{
    /// <exception cref="FormatException">It is none.</exception>
    public static ListedZone Read(XElement element) => new(
        AwsXml.Id(element.NeedText("Id")),
        RecordNames.Decode(element.NeedText("Name")),
        element.Child("Config")?.IsTrue("PrivateZone") == true,
        element.Child("LinkedService") is not null);
}
