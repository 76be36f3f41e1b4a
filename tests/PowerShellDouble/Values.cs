using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security;

namespace System.Management.Automation;

public readonly struct SwitchParameter(bool isPresent) : IEquatable<SwitchParameter>
{
    public static SwitchParameter Present => new(true);

    public bool IsPresent { get; } = isPresent;

    public static implicit operator bool(SwitchParameter value) => value.IsPresent;

    public static implicit operator SwitchParameter(bool value) => new(value);

    public static bool operator ==(SwitchParameter left, SwitchParameter right) => left.Equals(right);

    public static bool operator !=(SwitchParameter left, SwitchParameter right) => !left.Equals(right);

    public bool ToBool() => IsPresent;

    public bool Equals(SwitchParameter other) => IsPresent == other.IsPresent;

    public override bool Equals(object obj) => obj is SwitchParameter other && Equals(other);

    public override int GetHashCode() => IsPresent.GetHashCode();

    public override string ToString() => IsPresent.ToString();
}

public sealed class PSCredential
{
    public PSCredential(string userName, SecureString password)
    {
        UserName = string.IsNullOrEmpty(userName) ? throw new ArgumentException("A user name is needed.", nameof(userName)) : userName;
        Password = password ?? throw new ArgumentNullException(nameof(password));
    }

    public static PSCredential Empty => null;

    public string UserName { get; }

    public SecureString Password { get; }

    public Net.NetworkCredential GetNetworkCredential() => new(UserName, Password);
}

/// <summary>Wraps an object, or holds note properties of its own.</summary>
public class PSObject
{
    private readonly object _base;

    public PSObject() => _base = this;

    public PSObject(object obj) => _base = obj is PSObject inner ? inner._base : obj;

    public object BaseObject => _base;

    public object ImmediateBaseObject => _base;

    public PSMemberInfoCollection<PSPropertyInfo> Properties { get; } = new PSPropertyCollection();

    public static PSObject AsPSObject(object obj) => obj as PSObject ?? new PSObject(obj);

    public override string ToString() => ReferenceEquals(_base, this) ? "@{}" : _base?.ToString() ?? "";
}

public abstract class PSMemberInfoCollection<T> : IEnumerable<T>
    where T : PSMemberInfo
{
    public abstract T this[string name] { get; }

    public abstract void Add(T member);

    public abstract IEnumerator<T> GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

internal sealed class PSPropertyCollection : PSMemberInfoCollection<PSPropertyInfo>
{
    private readonly Dictionary<string, PSPropertyInfo> _properties = new(StringComparer.OrdinalIgnoreCase);

    public override PSPropertyInfo this[string name] => _properties.TryGetValue(name, out PSPropertyInfo found) ? found : null;

    public override void Add(PSPropertyInfo member) => _properties[member.Name] = member;

    public override IEnumerator<PSPropertyInfo> GetEnumerator() => _properties.Values.GetEnumerator();
}

public abstract class PSMemberInfo(string name)
{
    public string Name { get; } = name;

    public abstract object Value { get; set; }
}

public abstract class PSPropertyInfo(string name) : PSMemberInfo(name)
{
}

public class PSNoteProperty(string name, object value) : PSPropertyInfo(name)
{
    public override object Value { get; set; } = value;
}

public static class LanguagePrimitives
{
    public static bool IsTrue(object obj) => obj switch
    {
        null => false,
        PSObject wrapped => IsTrue(wrapped.BaseObject),
        bool value => value,
        SwitchParameter value => value.IsPresent,
        string text => text.Length > 0,
        ICollection many => many.Count > 0,
        IConvertible number and not DateTime => Convert.ToDouble(number, CultureInfo.InvariantCulture) != 0,
        _ => true,
    };

    public static T ConvertTo<T>(object valueToConvert) => (T)ConvertTo(valueToConvert, typeof(T));

    public static object ConvertTo(object value, Type type)
    {
        value = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (value is null || type.IsInstanceOfType(value))
        {
            return value;
        }

        Type inner = Nullable.GetUnderlyingType(type) ?? type;
        if (inner.IsEnum)
        {
            // As PowerShell does: nothing in the text is null where there may be a null.
            if (inner != type && value is string { Length: 0 })
            {
                return null;
            }

            return Enum.Parse(inner, value.ToString(), ignoreCase: true);
        }

        if (inner.IsArray)
        {
            object[] items = value is IEnumerable many and not string ? [.. many.Cast<object>()] : [value];
            Array array = Array.CreateInstance(inner.GetElementType(), items.Length);
            for (int i = 0; i < items.Length; i++)
            {
                array.SetValue(ConvertTo(items[i], inner.GetElementType()), i);
            }

            return array;
        }

        // PowerShell tries a constructor that takes the value.
        Reflection.ConstructorInfo constructor = inner.IsPrimitive || inner == typeof(string) || inner.Namespace == "System"
            ? null
            : inner.GetConstructors().FirstOrDefault(c => c.GetParameters() is { Length: 1 } one && one[0].ParameterType.IsInstanceOfType(value));
        if (constructor is not null)
        {
            try
            {
                return constructor.Invoke([value]);
            }
            catch (Reflection.TargetInvocationException error)
            {
                throw new InvalidCastException(error.InnerException?.Message, error.InnerException);
            }
        }

        if (inner.IsPrimitive && value is string { Length: 0 })
        {
            // PowerShell makes 0 of a text with nothing in it.
            return Activator.CreateInstance(inner);
        }

        return inner == typeof(SwitchParameter) ? new SwitchParameter(IsTrue(value))
            : inner == typeof(string) ? Convert.ToString(value, CultureInfo.InvariantCulture)
            : inner == typeof(TimeSpan) ? TimeSpan.Parse(value.ToString(), CultureInfo.InvariantCulture)
            : inner == typeof(PSObject) ? PSObject.AsPSObject(value)
            : Convert.ChangeType(value, inner, CultureInfo.InvariantCulture);
    }
}

public class ProgressRecord
{
    public ProgressRecord(int activityId, string activity, string statusDescription)
    {
        ActivityId = activityId >= 0 ? activityId : throw new ArgumentOutOfRangeException(nameof(activityId));
        Activity = string.IsNullOrEmpty(activity) ? throw new ArgumentException("Empty.", nameof(activity)) : activity;
        StatusDescription = string.IsNullOrEmpty(statusDescription) ? throw new ArgumentException("Empty.", nameof(statusDescription)) : statusDescription;
    }

    public int ActivityId { get; }

    public string Activity { get; set; }

    public string StatusDescription { get; set; }

    public string CurrentOperation { get; set; }

    public int ParentActivityId { get; set; } = -1;

    public int PercentComplete
    {
        get;
        set => field = value is >= -1 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    } = -1;

    public int SecondsRemaining { get; set; } = -1;

    public ProgressRecordType RecordType { get; set; }
}

public enum ProgressRecordType
{
    Processing,
    Completed,
}

/// <summary>A function in the place of a script.</summary>
public class ScriptBlock
{
    private readonly Func<object[], object> _body;

    public ScriptBlock(Func<object[], object> body) => _body = body;

    public Collections.ObjectModel.Collection<PSObject> Invoke(params object[] args) => [PSObject.AsPSObject(_body(args))];

    public object InvokeReturnAsIs(params object[] args) => _body(args);
}
