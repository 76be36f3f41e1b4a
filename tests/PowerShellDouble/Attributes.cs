using System.Collections.Generic;

namespace System.Management.Automation;

public abstract class CmdletMetadataAttribute : Attribute;

public abstract class CmdletCommonMetadataAttribute : CmdletMetadataAttribute
{
    public string DefaultParameterSetName { get; set; }

    public bool SupportsShouldProcess { get; set; }

    public bool SupportsPaging { get; set; }

    public bool SupportsTransactions { get; set; }

    public ConfirmImpact ConfirmImpact { get; set; } = ConfirmImpact.Medium;

    public string HelpUri { get; set; } = "";

    public RemotingCapability RemotingCapability { get; set; }
}

[AttributeUsage(AttributeTargets.Class)]
public sealed class CmdletAttribute(string verbName, string nounName) : CmdletCommonMetadataAttribute
{
    public string VerbName { get; } = verbName;

    public string NounName { get; } = nounName;
}

public enum ConfirmImpact
{
    None,
    Low,
    Medium,
    High,
}

public enum RemotingCapability
{
    None,
    PowerShell,
    SupportedByCommand,
    OwnedByCommand,
}

public abstract class ParsingBaseAttribute : CmdletMetadataAttribute;

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = true)]
public sealed class ParameterAttribute : ParsingBaseAttribute
{
    public const string AllParameterSets = "__AllParameterSets";

    public int Position { get; set; } = int.MinValue;

    public string ParameterSetName { get; set; } = AllParameterSets;

    public bool Mandatory { get; set; }

    public bool ValueFromPipeline { get; set; }

    public bool ValueFromPipelineByPropertyName { get; set; }

    public bool ValueFromRemainingArguments { get; set; }

    public string HelpMessage { get; set; }

    public string HelpMessageBaseName { get; set; }

    public string HelpMessageResourceId { get; set; }

    public bool DontShow { get; set; }
}

[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class OutputTypeAttribute : CmdletMetadataAttribute
{
    public OutputTypeAttribute(params Type[] type) => Type = Array.ConvertAll(type, t => new PSTypeName(t.FullName, t));

    public OutputTypeAttribute(params string[] type) => Type = Array.ConvertAll(type, t => new PSTypeName(t, null));

    public PSTypeName[] Type { get; }

    public string[] ParameterSetName { get; set; }

    public string ProviderCmdlet { get; set; }
}

public sealed class PSTypeName(string name, Type type)
{
    public string Name { get; } = name;

    public Type Type { get; } = type;
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
public sealed class AliasAttribute(params string[] aliasNames) : ParsingBaseAttribute
{
    public IList<string> AliasNames { get; } = aliasNames;
}

[AttributeUsage(AttributeTargets.Property)]
public sealed class SupportsWildcardsAttribute : ParsingBaseAttribute;

[AttributeUsage(AttributeTargets.Property)]
public sealed class AllowNullAttribute : CmdletMetadataAttribute;

[AttributeUsage(AttributeTargets.Property)]
public sealed class AllowEmptyStringAttribute : CmdletMetadataAttribute;

[AttributeUsage(AttributeTargets.Property)]
public sealed class AllowEmptyCollectionAttribute : CmdletMetadataAttribute;

[AttributeUsage(AttributeTargets.Property)]
public sealed class ArgumentCompleterAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}

[AttributeUsage(AttributeTargets.Property)]
public abstract class ArgumentTransformationAttribute : CmdletMetadataAttribute
{
    public virtual bool TransformNullOptionalParameters => true;

    public abstract object Transform(EngineIntrinsics engineIntrinsics, object inputData);
}

/// <summary>Passes a PSCredential; there is nobody to ask for one.</summary>
public sealed class CredentialAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => inputData;
}

public sealed class EngineIntrinsics
{
    public SessionState SessionState { get; set; } = new();
}
