using System.Text;

namespace KeyManager.Providers.Challenges;

/// <summary>What lies beside challenge files for IIS, which hands out no file without an extension unless it is told what it is and who hands it out.</summary>
internal static class WebConfigFile
{
    public const string Name = "web.config";

    public const string Text =
        """
        <?xml version="1.0" encoding="utf-8"?>
        <!-- Written by KeyManager for the time of a challenge. -->
        <configuration>
          <system.webServer>
            <staticContent>
              <mimeMap fileExtension="." mimeType="text/plain" />
            </staticContent>
            <handlers>
              <clear />
              <add name="StaticFile" path="*" verb="GET,HEAD" modules="StaticFileModule" resourceType="File" requireAccess="Read" />
            </handlers>
          </system.webServer>
        </configuration>

        """;

    public static byte[] Content { get; } = Encoding.UTF8.GetBytes(Text);
}
