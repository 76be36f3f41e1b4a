using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Providers.Authorities;

/// <summary>Everything that an order lacks at once, by the parameters that give it.</summary>
internal sealed class MissingDetails
{
    private readonly List<string> _missing = [];

    /// <summary>Looks which of the details somebody has.</summary>
    public void Note(string owner, IEnumerable<(string Parameter, string? Value)> details)
    {
        List<string> without = [.. details.Where(d => string.IsNullOrWhiteSpace(d.Value)).Select(d => d.Parameter)];
        if (without.Count > 0)
        {
            _missing.Add($"{owner} lacks {string.Join(", ", without)}");
        }
    }

    /// <exception cref="InvalidRequestException">Something is missing (KmDetailsMissing).</exception>
    public void Throw(string product, CertificateOrder order)
    {
        if (_missing.Count > 0)
        {
            throw new InvalidRequestException(ErrorIds.DetailsMissing, $"{product} needs more: {string.Join("; ", _missing)}.") { Target = order.Name, Remedy = "Add it with Set-KmOrganization and Set-KmContact." };
        }
    }
}
