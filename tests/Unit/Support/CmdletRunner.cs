using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;
using System.Reflection;
using System.Threading;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Tests.Support;

/// <summary>
/// Runs a cmdlet without PowerShell. It sets parameters and feeds a pipeline, but does not know parameter sets beyond the name it is
/// given, nor formatting nor help: those belong to tests/Pester.
/// </summary>
/// <example><code>CmdletResult result = Run.Cmdlet&lt;NewKmCsrCommand&gt;().With("DomainName", "a.example").Invoke();</code></example>
public sealed class CmdletRunner<TCmdlet>
    where TCmdlet : PSCmdlet, new()
{
    private readonly Dictionary<string, object?> _parameters = new(StringComparer.OrdinalIgnoreCase);
    private readonly TCmdlet _cmdlet = new();
    private object[]? _input;
    private Func<string, bool>? _answer;
    private Action<object>? _downstream;
    private TimeSpan? _stopAfter;
    private bool _errorActionStop;
    private bool _warningActionStop;

    /// <summary>Gives a parameter, converted to its type; also WhatIf and Confirm.</summary>
    public CmdletRunner<TCmdlet> With(string parameter, object? value = null)
    {
        _parameters[parameter] = value ?? true;
        return this;
    }

    /// <summary>Sends objects through the pipeline.</summary>
    public CmdletRunner<TCmdlet> Pipe(params object[] input)
    {
        _input = input;
        return this;
    }

    public CmdletRunner<TCmdlet> InSet(string parameterSet)
    {
        _cmdlet.ParameterSetName = parameterSet;
        return this;
    }

    public CmdletRunner<TCmdlet> At(string folder)
    {
        _cmdlet.SessionState.Path.CurrentLocation = new PathInfo(folder);
        return this;
    }

    public CmdletRunner<TCmdlet> WithVariable(string name, object value)
    {
        _cmdlet.SessionState.PSVariable.Set(name, value);
        return this;
    }

    /// <summary>Gives the cmdlet its services; the composition root is not asked.</summary>
    public CmdletRunner<TCmdlet> WithServices(Func<string?, KeyManagerServices> open)
    {
        ((KmCmdlet)(PSCmdlet)_cmdlet).OpenServices = open;
        return this;
    }

    /// <summary>Answers the questions of ShouldProcess. Without it every answer is yes.</summary>
    public CmdletRunner<TCmdlet> Answering(Func<string, bool> answer)
    {
        _answer = answer;
        return this;
    }

    public CmdletRunner<TCmdlet> ErrorActionStop()
    {
        _errorActionStop = true;
        return this;
    }

    public CmdletRunner<TCmdlet> WarningActionStop()
    {
        _warningActionStop = true;
        return this;
    }

    /// <summary>Does something with every object, as the next command would: it may throw.</summary>
    public CmdletRunner<TCmdlet> Into(Action<object> downstream)
    {
        _downstream = downstream;
        return this;
    }

    /// <summary>Ends the pipeline as Select-Object -First does.</summary>
    public CmdletRunner<TCmdlet> First(int count)
    {
        int seen = 0;
        return Into(_ =>
        {
            if (++seen >= count)
            {
                throw new StopUpstreamCommandsException();
            }
        });
    }

    /// <summary>Presses Ctrl-C after a while.</summary>
    public CmdletRunner<TCmdlet> StopAfter(TimeSpan delay)
    {
        _stopAfter = delay;
        return this;
    }

    public CmdletResult Invoke()
    {
        CmdletResult result = new();
        CmdletRuntime runtime = new(result)
        {
            WhatIf = IsGiven("WhatIf"),
            IsErrorActionStop = _errorActionStop,
            IsWarningActionStop = _warningActionStop,
            Answer = _answer,
            Downstream = _downstream,
        };
        _cmdlet.CommandRuntime = runtime;
        _cmdlet.MyInvocation.ExpectingInput = _input is not null;
        foreach ((string name, object? value) in _parameters.Where(p => !IsDynamic(p.Key)))
        {
            Bind(name, value);
        }

        BindDynamic();

        RequireMandatory();
        using ManualResetEventSlim ended = new();
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan stoppedAt = TimeSpan.Zero;
        // A thread of its own: the machine's other tests must not delay the Ctrl-C.
        Thread stopper = new(() =>
        {
            if (_stopAfter is { } delay && !ended.Wait(delay))
            {
                stoppedAt = watch.Elapsed;
                runtime.Stop();
                _cmdlet.DriveStop();
            }
        });
        stopper.Start();
        try
        {
            runtime.IsInside = true;
            _cmdlet.DriveBegin();
            foreach (object? item in _input ?? [null!])
            {
                if (item is not null)
                {
                    BindPipeline(item);
                }

                _cmdlet.DriveProcess();
            }

            _cmdlet.DriveEnd();
        }
        catch (Exception error) when (error is RuntimeException or FlowControlException)
        {
            result.Thrown = error;
        }
        finally
        {
            result.Elapsed = watch.Elapsed;
            runtime.IsInside = false;
            ended.Set();
            stopper.Join();
            (_cmdlet as IDisposable)?.Dispose();
        }

        result.AfterStop = result.Elapsed - stoppedAt;
        return result;
    }

    private bool IsGiven(string name) => _parameters.TryGetValue(name, out object? value) && LanguagePrimitives.IsTrue(value);

    private void Bind(string name, object? value)
    {
        if (name is not ("WhatIf" or "Confirm"))
        {
            PropertyInfo property = Parameters().SingleOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))
                ?? throw new ArgumentException($"{typeof(TCmdlet).Name} has no parameter {name}.");
            value = Set(property, value);
        }

        _cmdlet.MyInvocation.BoundParameters[name] = value!;
    }

    private bool IsDynamic(string name) => _cmdlet is IDynamicParameters && name is not ("WhatIf" or "Confirm") && !Parameters().Any(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));

    // PowerShell asks for them when the others are bound.
    private void BindDynamic()
    {
        RuntimeDefinedParameterDictionary? dynamic = (_cmdlet as IDynamicParameters)?.GetDynamicParameters() as RuntimeDefinedParameterDictionary;
        foreach ((string name, object? value) in _parameters.Where(p => IsDynamic(p.Key)))
        {
            RuntimeDefinedParameter parameter = dynamic?.TryGetValue(name, out RuntimeDefinedParameter? found) == true ? found : throw new ArgumentException($"{typeof(TCmdlet).Name} has no parameter {name}.");
            object? converted = LanguagePrimitives.ConvertTo(value, parameter.ParameterType);
            foreach (ValidateArgumentsAttribute validation in parameter.Attributes.OfType<ValidateArgumentsAttribute>())
            {
                validation.Check(converted);
            }

            parameter.Value = converted!;
            _cmdlet.MyInvocation.BoundParameters[name] = converted!;
        }
    }

    private object? Set(PropertyInfo property, object? value)
    {
        object? converted = LanguagePrimitives.ConvertTo(value, property.PropertyType);
        foreach (ValidateArgumentsAttribute validation in property.GetCustomAttributes<ValidateArgumentsAttribute>())
        {
            validation.Check(converted);
        }

        property.SetValue(_cmdlet, converted);
        return converted;
    }

    // By value where the type fits, else by the names of its properties, else by value with a conversion: PowerShell's order.
    private void BindPipeline(object item)
    {
        object value = item is PSObject wrapped ? wrapped.BaseObject : item;
        List<PropertyInfo> byValue = [.. Parameters().Where(p => !_parameters.ContainsKey(p.Name) && Takes(p, a => a.ValueFromPipeline))];
        PropertyInfo? fitting = byValue.Find(p => p.PropertyType.IsInstanceOfType(value))
            ?? byValue.Find(p => p.PropertyType.IsArray && p.PropertyType.GetElementType()!.IsInstanceOfType(value));
        bool bound = fitting is not null && TryBind(fitting, value);
        foreach (PropertyInfo parameter in Parameters().Where(p => p != fitting && !_parameters.ContainsKey(p.Name) && Takes(p, a => a.ValueFromPipelineByPropertyName)))
        {
            IEnumerable<string> names = parameter.GetCustomAttributes<AliasAttribute>().SelectMany(a => a.AliasNames).Prepend(parameter.Name);
            object? property = names.Select(n => Property(item, n)).FirstOrDefault(v => v is not null);
            bound |= property is not null && TryBind(parameter, property);
        }

        if (!bound && !byValue.Any(p => TryBind(p, value)))
        {
            throw new ArgumentException($"The input object of type {value.GetType().Name} cannot be bound to any parameter of {typeof(TCmdlet).Name}.");
        }
    }

    private bool TryBind(PropertyInfo parameter, object value)
    {
        try
        {
            _cmdlet.MyInvocation.BoundParameters[parameter.Name] = Set(parameter, value)!;
            return true;
        }
        catch (Exception error) when (error is FormatException or InvalidCastException or ArgumentException)
        {
            return false;
        }
    }

    private static object? Property(object item, string name) => item is PSObject { Properties: { } own } && own[name] is { } note
        ? note.Value
        : (item is PSObject wrapped ? wrapped.BaseObject : item).GetType()
            .GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)?.GetValue(item is PSObject outer ? outer.BaseObject : item);

    private void RequireMandatory()
    {
        foreach (PropertyInfo parameter in Parameters())
        {
            bool missing = parameter.GetCustomAttributes<ParameterAttribute>().Any(a =>
                a.Mandatory
                && (a.ParameterSetName == ParameterAttribute.AllParameterSets || a.ParameterSetName == _cmdlet.ParameterSetName)
                && !(_input is not null && (a.ValueFromPipeline || a.ValueFromPipelineByPropertyName)));
            if (missing && !_parameters.ContainsKey(parameter.Name))
            {
                throw new ArgumentException($"{typeof(TCmdlet).Name} needs -{parameter.Name}.");
            }
        }
    }

    private static bool Takes(PropertyInfo property, Func<ParameterAttribute, bool> how) => property.GetCustomAttributes<ParameterAttribute>().Any(how);

    private static IEnumerable<PropertyInfo> Parameters() =>
        typeof(TCmdlet).GetProperties().Where(p => p.IsDefined(typeof(ParameterAttribute), inherit: true));
}
