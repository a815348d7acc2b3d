using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Outbox;

/// <summary>A message as JSON, signed so that its receiver knows that it is ours and not an old one sent again.</summary>
internal static class WebhookMessage
{
    /// <summary><c>t=UNIX-SECONDS,v1=HEX</c>: HMAC-SHA256 over <c>UNIX-SECONDS.BODY</c>.</summary>
    public const string SignatureHeader = "SignalWatch-Signature";

    public static byte[] Write(OutboxMessage message) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        delivery = $"{message.Target}-{message.Number}",
        change = message.Change,
        at = message.At,
        // In the body too: what a drill is must not depend on a receiver's reading of the alarm.
        drill = message.Alarm.Origin != Origin.Live,
        alarm = message.Alarm,
    }, WireJson.Options);

    public static string Signature(string secret, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(seconds + "."));
        hmac.AppendData(body);
        return $"t={seconds},v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }
}
