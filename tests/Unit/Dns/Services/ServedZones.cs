using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Tests.Dns.Services;

/// <summary>The zones that a fake service holds. Names are in lower case without a final dot, values as they are meant. May be used from several threads.</summary>
internal sealed class ServedZones
{
    private readonly object _gate = new();
    private readonly Dictionary<string, Dictionary<(string Name, string Type), List<string>>> _zones = new(StringComparer.Ordinal);

    /// <summary>Names of the zones, in the order of their making.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _zones.Keys];
            }
        }
    }

    public void AddZone(string zone)
    {
        lock (_gate)
        {
            _zones.Add(zone, []);
        }
    }

    /// <summary>Puts a value there, whatever the service's rules.</summary>
    public void Seed(string name, string type, params string[] values)
    {
        foreach (string value in values)
        {
            Add(Of(name), name, type, value);
        }
    }

    /// <summary>The values at a name, in the order of their making.</summary>
    public IReadOnlyList<string> Values(string name, string type)
    {
        lock (_gate)
        {
            return TryOf(name) is string zone && _zones[zone].TryGetValue((name, type), out List<string>? values) ? [.. values] : [];
        }
    }

    /// <summary>Everything in a zone.</summary>
    public IReadOnlyList<(string Name, string Type, string Value)> All(string zone)
    {
        lock (_gate)
        {
            return [.. _zones[zone].SelectMany(set => set.Value.Select(value => (set.Key.Name, set.Key.Type, value)))];
        }
    }

    public void Add(string zone, string name, string type, string value)
    {
        lock (_gate)
        {
            if (!_zones[zone].TryGetValue((name, type), out List<string>? values))
            {
                _zones[zone].Add((name, type), values = []);
            }

            values.Add(value);
        }
    }

    /// <summary>False when it was not there.</summary>
    public bool Remove(string zone, string name, string type, string value)
    {
        lock (_gate)
        {
            if (!_zones[zone].TryGetValue((name, type), out List<string>? values) || !values.Remove(value))
            {
                return false;
            }

            if (values.Count == 0)
            {
                _zones[zone].Remove((name, type));
            }

            return true;
        }
    }

    /// <summary>Replaces all values of a name and type; none takes the set away.</summary>
    public void Set(string zone, string name, string type, IEnumerable<string> values)
    {
        lock (_gate)
        {
            List<string> list = [.. values];
            if (list.Count == 0)
            {
                _zones[zone].Remove((name, type));
            }
            else
            {
                _zones[zone][(name, type)] = list;
            }
        }
    }

    /// <summary>Does several things as one.</summary>
    public T Lock<T>(Func<T> work)
    {
        lock (_gate)
        {
            return work();
        }
    }

    /// <summary>The longest zone that the name lies in.</summary>
    public string? TryOf(string name)
    {
        lock (_gate)
        {
            return _zones.Keys.Where(zone => name == zone || name.EndsWith("." + zone, StringComparison.Ordinal)).OrderByDescending(zone => zone.Length).FirstOrDefault();
        }
    }

    private string Of(string name) => TryOf(name) ?? throw new InvalidOperationException($"No zone holds {name}.");
}
