using System.Collections.Generic;
using System.Collections.ObjectModel;

namespace System.Management.Automation;

public interface IDynamicParameters
{
    object GetDynamicParameters();
}

public sealed class RuntimeDefinedParameter(string name, Type parameterType, Collection<Attribute> attributes)
{
    private object _value;

    public string Name { get; set; } = name;

    public Type ParameterType { get; set; } = parameterType;

    public Collection<Attribute> Attributes { get; } = attributes;

    public bool IsSet { get; set; }

    public object Value
    {
        get => _value;
        set
        {
            _value = value;
            IsSet = true;
        }
    }
}

public sealed class RuntimeDefinedParameterDictionary : Dictionary<string, RuntimeDefinedParameter>
{
    public RuntimeDefinedParameterDictionary()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }
}
