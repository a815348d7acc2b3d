using Npgsql;
using SignalWatch.Collector.Storage;
using SignalWatch.Collector.Storage.Postgres;
using SignalWatch.Contracts;
using SignalWatch.Tests;

namespace SignalWatch.Collector.Tests.Storage;

public sealed class PostgresStoreTests(PostgresServer server) : StoreContract, IClassFixture<PostgresServer>
{
    private string? url;

    [PostgresFact]
    public override void Appended_entries_come_back_as_they_were() => base.Appended_entries_come_back_as_they_were();

    [PostgresFact]
    public override void Entries_are_found_by_position_stream_kind_and_what_they_are_about_across_months() => base.Entries_are_found_by_position_stream_kind_and_what_they_are_about_across_months();

    [PostgresFact]
    public override void A_view_sees_one_moment_whatever_is_committed_after_it() => base.A_view_sees_one_moment_whatever_is_committed_after_it();

    [PostgresFact]
    public override void What_is_rolled_back_was_never_there() => base.What_is_rolled_back_was_never_there();

    [PostgresFact]
    public override void Documents_are_replaced_removed_and_read_in_order_and_the_writer_sees_its_own() => base.Documents_are_replaced_removed_and_read_in_order_and_the_writer_sees_its_own();

    [PostgresFact]
    public override void Dead_letters_are_kept_with_their_reason() => base.Dead_letters_are_kept_with_their_reason();

    [PostgresFact]
    public override void A_month_opens_with_the_documents_of_the_one_before_and_the_old_one_can_be_dropped() => base.A_month_opens_with_the_documents_of_the_one_before_and_the_old_one_can_be_dropped();

    [PostgresFact]
    public override void Positions_go_on_after_a_restart_and_an_empty_month() => base.Positions_go_on_after_a_restart_and_an_empty_month();

    [PostgresFact]
    public override void A_clock_that_goes_back_or_a_year_ahead_loses_nothing() => base.A_clock_that_goes_back_or_a_year_ahead_loses_nothing();

    [PostgresFact]
    public override void There_is_one_writer() => base.There_is_one_writer();

    [PostgresFact]
    public override void A_number_is_never_stored_twice() => base.A_number_is_never_stored_twice();

    [PostgresFact]
    public override void Thinning_takes_what_is_over_from_sealed_months_and_keeps_what_is_referred_to() => base.Thinning_takes_what_is_over_from_sealed_months_and_keeps_what_is_referred_to();

    [PostgresFact]
    public void A_writer_that_lost_its_session_commits_nothing_and_begins_only_after_reading_back()
    {
        using var store = Open();
        using var writer = store.OpenWriter();
        Write(writer, November, 2);
        writer.Begin(November);
        writer.Put("count", "all", Bytes("half"));
        server.Execute("postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url!.Split('/')[^1]}'");
        using (var other = PostgresStore.Open(url!, November))
        using (var second = other.OpenWriter()) Write(second, November, 1);
        var commit = () => writer.Commit();
        commit.Should().Throw<NpgsqlException>();
        writer.Rollback();
        var begin = () => writer.Begin(November);
        begin.Should().Throw<NpgsqlException>("what the other one wrote is not known yet");
        writer.Rollback();
        Text(writer.Documents("count").Single().Body).Should().Be("3");
        Write(writer, November, 1);
        writer.Position.Should().Be(4);
    }

    [PostgresFact]
    public void Each_commit_tells_the_newest_position()
    {
        using var store = Open();
        using var writer = store.OpenWriter();
        using var listener = new NpgsqlConnection(new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = new Uri(url!).Port, Username = "tester", Database = url!.Split('/')[^1], Pooling = false }.ToString());
        listener.Open();
        var told = new List<string>();
        listener.Notification += (_, notice) => told.Add(notice.Payload);
        using (var listen = new NpgsqlCommand($"LISTEN {PostgresStore.Channel}", listener)) listen.ExecuteNonQuery();
        Write(writer, November, 2);
        listener.Wait(TimeSpan.FromSeconds(10)).Should().BeTrue();
        told.Should().Equal("2");
    }

    [PostgresFact]
    public void What_is_no_url_of_a_database_is_refused()
    {
        var open = () => PostgresStore.Open("postgres://nobody", November);
        open.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("store.invalid");
    }

    public override void Dispose() => NpgsqlConnection.ClearAllPools();

    private protected override IStore Open() => PostgresStore.Open(url ??= server.NewDatabase(), November);
}
