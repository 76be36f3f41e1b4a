using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>The path of a request, and the names and values after its question mark or in its form.</summary>
internal sealed class CallQuery
{
    private readonly List<(string Name, string Value)> _values;

    private CallQuery(string path, List<(string Name, string Value)> values)
    {
        Path = path;
        _values = values;
    }

    public string Path { get; }

    public static CallQuery OfTarget(HttpCall call)
    {
        string[] parts = call.Target.Split(['?'], 2);
        return new CallQuery(parts[0], parts.Length > 1 ? Pairs(parts[1]) : []);
    }

    public static CallQuery OfForm(HttpCall call) => new(call.Target, Pairs(Encoding.ASCII.GetString(call.Body)));

    /// <summary>Each may be there once, and no other.</summary>
    /// <exception cref="ServiceFault">Another one is there, or one twice.</exception>
    public void Allow(params string[] names)
    {
        foreach ((string name, _) in _values)
        {
            if (!names.Contains(name) || _values.Count(v => v.Name == name) > 1)
            {
                throw new ServiceFault($"the parameter {name} is unknown or there twice");
            }
        }
    }

    public string? Find(string name) => _values.Where(v => v.Name == name).Select(v => v.Value).FirstOrDefault();

    public IReadOnlyList<string> All(string name) => [.. _values.Where(v => v.Name == name).Select(v => v.Value)];

    /// <exception cref="ServiceFault">It is missing.</exception>
    public string Get(string name) => Find(name) ?? throw new ServiceFault($"the parameter {name} is missing");

    private static List<(string Name, string Value)> Pairs(string text) => text.Length == 0 ? [] :
    [
        .. text.Split('&').Select(pair => pair.Split(['='], 2)).Select(pair => pair.Length == 2
            ? (Decode(pair[0]), Decode(pair[1]))
            : throw new ServiceFault($"'{pair[0]}' has no value")),
    ];

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
