using KeyManager.Providers.Moving;
using Xunit;

namespace KeyManager.Tests.Moving;

public sealed class CommandTextTests
{
    [Theory]
    [InlineData("systemctl reload nginx", "'systemctl reload nginx'")]
    [InlineData("cp /etc/ssl/private/web.key /srv/tls/ && service haproxy restart", "'cp /etc/ssl/private/web.key /srv/tls/ && service haproxy restart'")]
    [InlineData("/opt/deploy.sh --password hunter2", "'/opt/deploy.sh ...'")]
    [InlineData("TOKEN=abc curl https://x", "a command")]
    [InlineData("curl -u admin:hunter2 https://x", "'curl ...'")]
    [InlineData("mysql -phunter2 db", "'mysql ...'")]
    [InlineData("notify s3cr3tw0rd12345", "'notify ...'")]
    [InlineData("curl https://user:pw@host/", "'curl ...'")]
    [InlineData(@"C:\Scripts\deploy.ps1 -Verbose", @"'C:\Scripts\deploy.ps1 -Verbose'")]
    [InlineData("", "a command")]
    public void A_command_that_may_hold_a_secret_is_shown_by_its_program(string command, string shown) => Assert.Equal(shown, CommandText.Show(command));
}
