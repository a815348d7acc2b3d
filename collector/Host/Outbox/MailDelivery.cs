using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace SignalWatch.Collector.Outbox;

/// <summary>Brings messages by e-mail: SMTP (RFC 5321) to the one server that is named, over TLS unless the settings say that the way to it is safe without.</summary>
internal sealed class MailDelivery(OutboxTarget target) : IDelivery
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> Send(OutboxMessage message, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(Patience);
        using var client = new Client { Timeout = (int)Patience.TotalMilliseconds, CheckCertificateRevocation = false }; // there is no internet to ask
        try
        {
            using var mail = MailMessage.Write(message, target);
            await client.ConnectAsync(target.Url.Host, target.Url.Port, Security, limit.Token).ConfigureAwait(false);
            if (target.User is { } user) await client.AuthenticateAsync(user, target.Secret ?? "", limit.Token).ConfigureAwait(false);
            await client.SendAsync(mail, limit.Token).ConfigureAwait(false);
            await Leave(client, limit.Token).ConfigureAwait(false);
            return DeliveryOutcome.Taken;
        }
        catch (SmtpCommandException refused) when ((int)refused.StatusCode >= 500 && refused.ErrorCode != SmtpErrorCode.UnexpectedStatusCode)
        {
            return new(DeliveryResult.Refused, $"{(int)refused.StatusCode} {refused.Message}");
        }
        catch (Exception failure) when (failure is ServiceNotConnectedException or CommandException or ProtocolException or AuthenticationException or SslHandshakeException or NotSupportedException or IOException or SocketException)
        {
            return new(DeliveryResult.Failed, failure.Message);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new(DeliveryResult.Failed, FormattableString.Invariant($"no answer within {Patience.TotalSeconds} s"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() { } // each message has a connection of its own: alarms are rare, and servers hang up on who is idle

    private SecureSocketOptions Security => target.Url.Scheme == "smtps" ? SecureSocketOptions.SslOnConnect : target.Unencrypted ? SecureSocketOptions.None : SecureSocketOptions.StartTls;

    /// <summary>The server has taken it: what goes wrong in saying goodbye must not send it twice.</summary>
    private static async Task Leave(SmtpClient client, CancellationToken limit)
    {
        try
        {
            await client.DisconnectAsync(quit: true, limit).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is ProtocolException or CommandException or IOException or SocketException or OperationCanceledException)
        {
            // It hung up first.
        }
    }

    /// <summary>One address that is no longer valid must not keep an alarm from the others.</summary>
    private sealed class Client : SmtpClient
    {
        private SmtpResponse? refused;

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
        {
            if (refused is null || response.StatusCode < refused.StatusCode) refused = response; // 4xx, later perhaps, before 5xx, never
        }

        protected override void OnNoRecipientsAccepted(MimeMessage message) =>
            throw new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, refused?.StatusCode ?? SmtpStatusCode.MailboxUnavailable, refused?.Response ?? "no recipient was accepted");
    }
}
