using System.Collections.Generic;

namespace KeyManager.Moving;

/// <summary>The programs that this build takes over from.</summary>
public sealed class ForeignToolRegistry(IEnumerable<IForeignTool> tools) : Registry<IForeignTool>(tools, t => t.Description.Name)
{
    protected override NotFoundException Missing(string name, string known) => new(ErrorIds.ForeignToolNotFound, $"Nothing is known about a program '{name}'.") { Target = name, Remedy = known };
}
