using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace System.Management.Automation;

[AttributeUsage(AttributeTargets.Property)]
public abstract class ValidateArgumentsAttribute : CmdletMetadataAttribute
{
    protected abstract void Validate(object arguments, EngineIntrinsics engineIntrinsics);

    public void Check(object value) => Validate(value, new EngineIntrinsics());

    private protected static ValidationMetadataException Wrong(string message) => new(message);
}

public abstract class ValidateEnumeratedArgumentsAttribute : ValidateArgumentsAttribute
{
    protected abstract void ValidateElement(object element);

    protected sealed override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        foreach (object element in arguments is IEnumerable many and not string ? many.Cast<object>() : [arguments])
        {
            ValidateElement(element);
        }
    }
}

public sealed class ValidateNotNullAttribute : ValidateArgumentsAttribute
{
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is null)
        {
            throw Wrong("The argument is null.");
        }
    }
}

public sealed class ValidateNotNullOrEmptyAttribute : ValidateArgumentsAttribute
{
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is null or "" || (arguments is ICollection { Count: 0 }))
        {
            throw Wrong("The argument is null or empty.");
        }
    }
}

public sealed class ValidateRangeAttribute(object minRange, object maxRange) : ValidateEnumeratedArgumentsAttribute
{
    public object MinRange { get; } = minRange;

    public object MaxRange { get; } = maxRange;

    protected override void ValidateElement(object element)
    {
        if (element is IComparable value && (value.CompareTo(MinRange) < 0 || value.CompareTo(MaxRange) > 0))
        {
            throw Wrong($"The argument {element} is not within {MinRange} and {MaxRange}.");
        }
    }
}

public sealed class ValidateCountAttribute(int minLength, int maxLength) : ValidateArgumentsAttribute
{
    public int MinLength { get; } = minLength;

    public int MaxLength { get; } = maxLength;

    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is ICollection many && (many.Count < MinLength || many.Count > MaxLength))
        {
            throw Wrong($"{many.Count} arguments, where {MinLength} to {MaxLength} are allowed.");
        }
    }
}

public sealed class ValidateLengthAttribute(int minLength, int maxLength) : ValidateEnumeratedArgumentsAttribute
{
    public int MinLength { get; } = minLength;

    public int MaxLength { get; } = maxLength;

    protected override void ValidateElement(object element)
    {
        if (element is string text && (text.Length < MinLength || text.Length > MaxLength))
        {
            throw Wrong($"{text.Length} characters, where {MinLength} to {MaxLength} are allowed.");
        }
    }
}

public sealed class ValidatePatternAttribute(string regexPattern) : ValidateEnumeratedArgumentsAttribute
{
    public string RegexPattern { get; } = regexPattern;

    public RegexOptions Options { get; set; } = RegexOptions.IgnoreCase;

    protected override void ValidateElement(object element)
    {
        if (!Regex.IsMatch(element?.ToString() ?? "", RegexPattern, Options))
        {
            throw Wrong($"The argument \"{element}\" does not match \"{RegexPattern}\".");
        }
    }
}

public sealed class ValidateSetAttribute(params string[] validValues) : ValidateEnumeratedArgumentsAttribute
{
    public IList<string> ValidValues { get; } = validValues;

    public bool IgnoreCase { get; set; } = true;

    protected override void ValidateElement(object element)
    {
        StringComparer comparer = IgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        if (!ValidValues.Contains(element?.ToString(), comparer))
        {
            throw Wrong($"The argument \"{element}\" is none of {string.Join(", ", ValidValues)}.");
        }
    }
}
