using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Notifications;
using KeyManager.Operations;
using KeyManager.Providers.Networking;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Notifications;

/// <summary>Posts messages to a workflow of Teams, to Slack, or as JSON of our own to any URL. The URL is a secret and stands in no error.</summary>
internal sealed class WebhookSender(Clock clock) : INotificationSender, IDisposable
{
    /// <summary>The header that carries the signature: "t=" seconds since 1970, "v1=" HMAC-SHA256 over the time, a dot and the body.</summary>
    public const string SignatureHeader = "KeyManager-Signature";

    private readonly ConcurrentDictionary<(string? Proxy, string? Roots), Lazy<HttpChannel>> _channels = new();

    public bool CanSend(NotificationChannel channel) => channel is NotificationChannel.Teams or NotificationChannel.Slack or NotificationChannel.Webhook;

    public async Task SendAsync(NotificationContext context, NotificationMessage message, CancellationToken cancellationToken)
    {
        NotificationPolicy policy = context.Policy;
        byte[] secretUrl = context.Secret(ManageNotifications.Url)
            ?? throw new CredentialException(ErrorIds.NoticeNotDelivered, $"The address of the webhook of {policy} is not stored.") { Target = policy.Name, Remedy = "Give it with Set-KmNotificationPolicy -Url." };
        Uri url = new(Encoding.UTF8.GetString(secretUrl));
        Array.Clear(secretUrl, 0, secretUrl.Length);
        JObject body = policy.Channel switch
        {
            NotificationChannel.Teams => Teams(message),
            NotificationChannel.Slack => new JObject { ["text"] = $"*{message.Subject}*\n{message.Text}" },
            _ => Own(message),
        };
        byte[] bytes = Encoding.UTF8.GetBytes(body.ToString(Formatting.None));
        HttpAnswer answer;
        try
        {
            answer = await Channel(policy).SendAsync(
                new HttpQuestion(HttpMethod.Post, url) { Body = bytes, ContentType = "application/json; charset=utf-8", Headers = Signature(context, bytes) }, cancellationToken).ConfigureAwait(false);
        }
        catch (TransportException error)
        {
            throw new TransportException(ErrorIds.NoticeNotDelivered, $"The webhook of {policy} at {policy.WebhookHost} cannot be reached: {Cause(error)}.")
            {
                Target = policy.Name,
                IsTransient = true,
                Remedy = "Check the address (-Url), the proxy (-Proxy), and the root to trust (-TrustedRootPath).",
            };
        }

        if (!answer.IsSuccess)
        {
            string said = answer.Status is >= 300 and < 400 ? ", which leads elsewhere and was not followed" : "";
            throw new TransportException(ErrorIds.NoticeNotDelivered, FormattableString.Invariant($"The webhook of {policy} at {policy.WebhookHost} answered with HTTP {answer.Status}{said}."))
            {
                Target = policy.Name,
                IsTransient = answer.Status >= 500 || answer.Status == 429,
                RetryAfter = RetryAfter.Read(answer.First("Retry-After"), clock.UtcNow),
                Remedy = answer.Status is 404 or 410 or 401 or 403 ? "Make the webhook anew and store its address: Set-KmNotificationPolicy -Url." : "Nothing is lost: it is tried again.",
            };
        }
    }

    public void Dispose()
    {
        foreach (Lazy<HttpChannel> channel in _channels.Values.Where(c => c.IsValueCreated))
        {
            channel.Value.Dispose();
        }

        _channels.Clear();
    }

    /// <summary>An adaptive card, as "Post to a channel when a webhook request is received" takes it.</summary>
    private static JObject Teams(NotificationMessage message) => new()
    {
        ["type"] = "message",
        ["attachments"] = new JArray(new JObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["content"] = new JObject
            {
                ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                ["type"] = "AdaptiveCard",
                ["version"] = "1.2",
                ["body"] = new JArray(
                    new JObject { ["type"] = "TextBlock", ["text"] = message.Subject, ["weight"] = "Bolder", ["wrap"] = true },
                    new JObject { ["type"] = "TextBlock", ["text"] = message.Text.Replace("\n", "\n\n"), ["wrap"] = true }),
            },
        }),
    };

    private static JObject Own(NotificationMessage message) => new()
    {
        ["source"] = "KeyManager",
        ["version"] = 1,
        ["isTest"] = message.IsTest,
        ["subject"] = message.Subject,
        ["text"] = message.Text,
        ["notices"] = new JArray(message.Notices.Select(n => new JObject
        {
            ["id"] = n.Id,
            ["event"] = n.Event.ToString(),
            ["name"] = n.Name,
            ["text"] = n.Text,
            ["remedy"] = n.Remedy,
            ["errorId"] = n.ErrorId,
            ["notAfter"] = n.NotAfter?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["createdAt"] = n.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        })),
    };

    private (string Name, string Value)[] Signature(NotificationContext context, byte[] body)
    {
        if (context.Policy.Channel != NotificationChannel.Webhook || context.Secret(ManageNotifications.HmacSecret) is not byte[] secret)
        {
            return [];
        }

        string time = clock.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using HMACSHA256 hmac = new(secret);
        byte[] hash = hmac.ComputeHash([.. Encoding.ASCII.GetBytes(time + "."), .. body]);
        Array.Clear(secret, 0, secret.Length);
        return [(SignatureHeader, $"t={time},v1={string.Concat(hash.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)))}")];
    }

    // The message of the channel holds the path of the address, which is a secret here.
    private static string Cause(TransportException error)
    {
        string text = error.Message;
        int at = text.IndexOf(": ", text.IndexOf(" at ", StringComparison.Ordinal) + 1, StringComparison.Ordinal);
        return error.InnerException?.GetBaseException().Message.TrimEnd('.') ?? (at > 0 && text.IndexOf("://", StringComparison.Ordinal) < 0 ? text.Substring(at + 2).TrimEnd('.') : "no answer in time");
    }

    private HttpChannel Channel(NotificationPolicy policy) => _channels.GetOrAdd(
        (policy.Proxy, policy.TrustedRootPath),
        key => new Lazy<HttpChannel>(
            () => new HttpChannel("The webhook", key.Proxy is null ? null : new Uri(key.Proxy), key.Roots is null ? null : TrustedRoots.Read(key.Roots), ErrorIds.NoticeNotDelivered, ErrorIds.NoticeNotDelivered),
            LazyThreadSafetyMode.PublicationOnly)).Value;
}
