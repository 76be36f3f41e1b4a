namespace KeyManager.Providers.Authorities.EmSign.Protocol;

/// <summary>How far control of one name of an order is proved.</summary>
/// <param name="Text">The name as the API writes it, with which it is asked for.</param>
/// <param name="Name">The name.</param>
/// <param name="Method">The way of proof, for people; <c>null</c> before one is chosen.</param>
/// <param name="Status">0 open, 1 proved, 2 refused.</param>
/// <param name="CaaStatus">1 good, 2 forbidden by a CAA record, 3 not looked at yet.</param>
internal sealed record DomainRow(string Text, DomainName Name, string? Method, int? Status, int? CaaStatus)
{
    public bool IsProved => Status == 1;
}
