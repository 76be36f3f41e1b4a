using System;
using System.Globalization;
using System.Management.Automation;

namespace KeyManager.PowerShell;

/// <summary>
/// Base of the parameter types that name a stored thing: they take the object, its id or its name, also an object that came back from another
/// session or a file and lost its type on the way.
/// </summary>
public abstract class Reference
{
    private protected Reference(object value, params string[] properties)
    {
        object bare = value is PSObject wrapped ? wrapped.BaseObject : value ?? throw new ArgumentNullException(nameof(value));
        Text = bare as string ?? OfNumber(bare) ?? OfKnownType(bare) ?? OfProperty(value as PSObject, properties)
            ?? throw new ArgumentException($"'{value}' names nothing that is stored; give an object of KeyManager, an id or a name.", nameof(value));
    }

    /// <summary>What was given: an id or a name.</summary>
    public string Text { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private protected abstract string? OfKnownType(object value);

    /// <summary>A code of digits that was typed without quotes.</summary>
    private static string? OfNumber(object value) => value is int or long ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    private static string? OfProperty(PSObject? value, string[] properties)
    {
        foreach (string property in properties)
        {
            if (value?.Properties[property]?.Value?.ToString() is { Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }
}
