namespace KeyManager.Moving;

/// <summary>Reads what another program keeps about its certificates. It reads files only: nothing is written, started or asked.</summary>
public interface IForeignTool
{
    /// <summary>The program.</summary>
    ForeignToolDescription Description { get; }

    /// <summary>Reads everything below its folder. What is broken in it becomes a remark, and the rest is read.</summary>
    /// <param name="folder">Full path of an existing folder.</param>
    /// <exception cref="NotFoundException">KmForeignDataNotFound: the program keeps nothing there.</exception>
    ForeignState Read(string folder);
}
