using System.Threading;
using KeyManager.Hosting;

namespace KeyManager.Tests.Support;

/// <summary>An administrator, unless the test that is running says otherwise.</summary>
public sealed class FakeRights : IHostRights
{
    private readonly AsyncLocal<bool> _isUser = new();

    public bool IsAdministrator => !_isUser.Value;

    /// <summary>From here on, in this test, an ordinary user.</summary>
    public void BecomeUser() => _isUser.Value = true;
}
