using System.Net;
using System.Text;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Probe.Uplink;
using SignalWatch.Rules;

namespace SignalWatch.Tests.Probe;

public sealed class RegisterFeedTests : IDisposable
{
    private static readonly FmRegister Licences = FmRegister.Of([Licence(97_400_000, "A203"), Licence(98_200_000, "8201")]);
    private readonly ManualTime time = new();
    private readonly string folder = Directory.CreateTempSubdirectory("register").FullName;
    private readonly List<Text> said = [];
    private string answer = Answer(Licences);
    private HttpStatusCode status = HttpStatusCode.OK;
    private TaskCompletionSource first = new(), second = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_register_of_the_collector_is_taken_and_kept_over_a_restart_without_it()
    {
        (await AskedAsync()).Fm.Digest.Should().Be(Licences.Digest);
        status = HttpStatusCode.ServiceUnavailable;
        (await AskedAsync()).Fm.Licences.Should().Equal(Licences.Licences);
    }

    [Fact]
    public async Task Before_there_was_a_register_nobody_is_accused()
    {
        status = HttpStatusCode.NotFound;
        (await AskedAsync()).Fm.Should().BeSameAs(FmRegister.None);
    }

    [Fact]
    public async Task A_register_that_does_not_fit_its_digest_is_refused_and_the_one_before_stays()
    {
        await AskedAsync();
        answer = Answer(FmRegister.Of([Licence(97_400_000, "A203")])).Replace("A203", "A204", StringComparison.Ordinal);
        (await AskedAsync()).Fm.Digest.Should().Be(Licences.Digest);
        said.Should().Contain(t => t.En.Contains("does not fit its digest", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_file_and_an_answer_that_is_no_JSON_are_no_register()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "register-fm.json"), "{\"digest\":\"ab\",\"entr");
        answer = "<html>";
        (await AskedAsync()).Fm.Should().BeSameAs(FmRegister.None);
    }

    private async Task<RegisterFeed> AskedAsync()
    {
        using var http = new HttpClient(new Collector(this));
        var feed = new RegisterFeed(http, new Uri("http://collector/"), folder, time, said.Add);
        using var cancel = new CancellationTokenSource();
        (first, second) = (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously));
        var running = feed.RunAsync(cancel.Token);
        await first.Task.WaitAsync(Hang.Limit);
        time.Advance(TimeSpan.FromSeconds(30));
        await second.Task.WaitAsync(Hang.Limit); // it comes when the first answer was taken
        await cancel.CancelAsync();
        await running;
        return feed;
    }

    private static string Answer(FmRegister register) => JsonSerializer.Serialize(new { register.Digest, Entries = register.Licences }, WireJson.Options);

    private static FmLicence Licence(long hz, string pi) => new(hz, pi, "OE1", "ORF", LicenceClass.Licensed, "", null, null, null, 75_000, null, null, null, "");

    private sealed class Collector(RegisterFeedTests test) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri!.AbsolutePath.Should().Be("/api/v1/registers/fm");
            if (!test.first.TrySetResult()) test.second.TrySetResult();
            return Task.FromResult(new HttpResponseMessage(test.status) { Content = new StringContent(test.answer, Encoding.UTF8, "application/json") });
        }
    }
}
