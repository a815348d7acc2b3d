using System.Text;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Tests.Storage;

/// <summary>What every store promises, whatever keeps it. A store that needs a server overrides each with an attribute that skips it where the server is absent.</summary>
public abstract class StoreContract : IDisposable
{
    private protected static readonly DateTimeOffset November = new(2026, 11, 30, 23, 59, 59, TimeSpan.Zero);
    private protected static readonly DateTimeOffset December = November.AddSeconds(1);

    public abstract void Dispose();

    /// <summary>The same store at each call of one test.</summary>
    private protected abstract IStore Open();

    [Fact]
    public virtual void Appended_entries_come_back_as_they_were()
    {
        using var store = Open();
        using var writer = store.OpenWriter();
        writer.Begin(November);
        writer.Append(EntryKind.Observation, 7, 41, null, November, Bytes("{\"a\":\"频率\"}")).Should().Be(1);
        writer.Append(EntryKind.Verdict, null, null, "A-1", November, Bytes("{}")).Should().Be(2);
        writer.Commit();
        using var view = store.OpenView();
        var rows = view.Entries(new()).ToList();
        rows.Select(r => (r.Position, r.Kind, r.Stream, r.Sequence, r.About, r.ReceivedAt, Text(r.Body))).Should().Equal(
            (1, EntryKind.Observation, 7, 41, null, November, "{\"a\":\"频率\"}"), (2, EntryKind.Verdict, null, null, "A-1", November, "{}"));
        (view.Newest, view.Count()).Should().Be((2, 2));
    }

    [Fact]
    public virtual void Entries_are_found_by_position_stream_kind_and_what_they_are_about_across_months()
    {
        using var store = Open();
        using var writer = store.OpenWriter();
        Write(writer, November, 10);
        Write(writer, December, 10);
        using var view = store.OpenView();
        view.Entries(new(After: 5, Limit: 8)).Select(r => r.Position).Should().Equal(6, 7, 8, 9, 10, 11, 12, 13);
        view.Entries(new(About: "A-3")).Select(r => r.Position).Should().Equal(3, 13);
        view.Entries(new(Streams: [2])).Should().HaveCount(10).And.OnlyContain(r => r.Stream == 2);
        view.Entries(new(Streams: [])).Should().BeEmpty();
        view.Entries(new(Kinds: [EntryKind.Verdict])).Should().HaveCount(10).And.OnlyContain(r => r.Kind == EntryKind.Verdict);
        view.Sequences(2).Should().Equal(2, 4, 6, 8, 10, 12, 14, 16, 18, 20);
        view.Months.Select(m => (m.Month, m.First)).Should().Equal((new Month(2026, 11), 1), (new Month(2026, 12), 11));
    }

    [Fact]
    public virtual void A_view_sees_one_moment_whatever_is_committed_after_it()
    {
        using var store = Open();
        using var writer = store.OpenWriter();
        Write(writer, November, 2);
        using var view = store.OpenView();
        Write(writer, November, 2);
        Write(writer, December, 2);
        (view.Newest, view.Entries(new()).Count(), Text(view.Documents("count").Single().Body)).Should().Be((2, 2, "2"));
        using var later = store.OpenView();
        (later.Newest, later.Entries(new()).Count(), Text(later.Documents("count").Single().Body)).Should().Be((6, 6, "6"));
    }

    [Fact]
    public virtual void What_is_rolled_back_was_never_there()
    {
        using var store = Open();
        using var writer = store.OpenWriter();
        Write(writer, November, 3);
        writer.Begin(December);
        writer.Append(EntryKind.Verdict, null, null, "A-9", December, Bytes("{}")).Should().Be(4);
        writer.Put("count", "all", Bytes("wrong"));
        writer.Keep(new(1, 99, 1, "why", December, Bytes("x")));
        writer.Rollback();
        writer.Position.Should().Be(3);
        Write(writer, December, 1);
        using var view = store.OpenView();
        view.Entries(new()).Select(r => r.Position).Should().Equal(1, 2, 3, 4);
        (Text(view.Documents("count").Single().Body), view.DeadLetters().Count).Should().Be(("4", 0));
    }

    [Fact]
    public virtual void Documents_are_replaced_removed_and_read_in_order_and_the_writer_sees_its_own()
    {
        using var store = Open();
        using var writer = store.OpenWriter();
        writer.Begin(November);
        foreach (var id in (string[])["b", "a", "甲", "B", "gone"]) writer.Put("k", id, Bytes("1"));
        writer.Put("other", "a", Bytes("2"));
        writer.Put("k", "b", Bytes("3"));
        writer.Remove("k", "gone");
        writer.Documents("k").Select(d => d.Id + Text(d.Body)).Should().Equal("B1", "a1", "b3", "甲1");
        writer.Remove("k", "a");
        writer.Commit();
        using var view = store.OpenView();
        view.Documents("k").Select(d => d.Id + Text(d.Body)).Should().Equal("B1", "b3", "甲1");
        view.DocumentKinds().Should().Equal("k", "other");
    }

    [Fact]
    public virtual void Dead_letters_are_kept_with_their_reason()
    {
        using var store = Open();
        using var writer = store.OpenWriter();
        writer.Begin(November);
        writer.Keep(new(1, 5, 2, "坏\0行", November, Bytes("\u0001{")));
        writer.Keep(new(1, null, 3, "no number", November, Bytes("?")));
        writer.Commit();
        using var view = store.OpenView();
        view.DeadLetters().Should().Equal(new Dictionary<long, long> { [1] = 2 });
        view.Sequences(1).Should().Equal(5);
        var letters = view.Letters(new(2026, 11)).ToList();
        letters.Select(l => (l.Sequence, l.Line, Text(l.Body))).Should().Equal((5, 2, "\u0001{"), (null, 3, "?"));
        letters[0].Reason.Should().StartWith("坏").And.EndWith("行");
    }

    [Fact]
    public virtual void A_month_opens_with_the_documents_of_the_one_before_and_the_old_one_can_be_dropped()
    {
        using var store = Open();
        using (var writer = store.OpenWriter())
        {
            Write(writer, November, 3);
            Write(writer, December, 2);
            Write(writer, December.AddMonths(1), 1);
        }
        using (var view = store.OpenView()) Text(view.Opening(new(2026, 12)).Documents("count").Single().Body).Should().Be("3");
        store.DropBefore(new(2026, 12)).Should().Equal(new Month(2026, 11));
        store.DropBefore(new(2030, 1)).Should().Equal(new Month(2026, 12)); // the newest month stays
        using var kept = store.OpenView();
        (kept.Entries(new()).Single().Position, kept.Months.Single().First, Text(kept.Documents("count").Single().Body)).Should().Be((6, 6, "6"));
        Text(kept.Opening(new(2027, 1)).Documents("count").Single().Body).Should().Be("5");
    }

    [Fact]
    public virtual void Positions_go_on_after_a_restart_and_an_empty_month()
    {
        using (var store = Open())
        {
            using var writer = store.OpenWriter();
            Write(writer, November, 3);
            writer.Begin(December);
            writer.Commit();
        }
        using (var store = Open())
        {
            using var writer = store.OpenWriter();
            writer.Position.Should().Be(3);
            Write(writer, December, 1);
            using var view = store.OpenView();
            view.Entries(new()).Select(r => r.Position).Should().Equal(1, 2, 3, 4);
        }
    }

    [Fact]
    public virtual void A_clock_that_goes_back_or_a_year_ahead_loses_nothing()
    {
        using var store = Open();
        using var writer = store.OpenWriter();
        Write(writer, December, 1);
        Write(writer, November, 1);
        Write(writer, December.AddYears(1), 1);
        Write(writer, December, 1);
        using var view = store.OpenView();
        view.Entries(new()).Select(r => (r.Position, r.ReceivedAt)).Should().Equal((1, December), (2, November), (3, December.AddYears(1)), (4, December));
        view.Months.Select(m => m.Month).Should().EndWith([new(2026, 12), new(2027, 12)]);
    }

    [Fact]
    public virtual void There_is_one_writer()
    {
        using var store = Open();
        using (var writer = store.OpenWriter())
        {
            var second = () => { using var other = Open(); other.OpenWriter(); };
            second.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("data.locked");
            var same = () => store.OpenWriter();
            same.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("data.locked");
            Write(writer, November, 1);
        }
        using var next = store.OpenWriter();
        next.Position.Should().Be(1);
    }

    [Fact]
    public virtual void A_number_is_never_stored_twice()
    {
        using var store = Open();
        using var writer = store.OpenWriter();
        Write(writer, November, 2);
        writer.Begin(November);
        var again = () =>
        {
            writer.Append(EntryKind.Observation, 2, 2, null, November, Bytes("{}"));
            writer.Commit();
        };
        var failure = again.Should().Throw<Exception>().Which;
        store.Explain(failure)!.Code.Should().Be("storage.failed");
        writer.Rollback();
        Write(writer, November, 1);
        writer.Position.Should().Be(3);
    }

    [Fact]
    public virtual void Thinning_takes_what_is_over_from_sealed_months_and_keeps_what_is_referred_to()
    {
        using var store = Open();
        using var writer = store.OpenWriter();
        Write(writer, November, 10);
        Write(writer, December, 10);
        var limits = new RetentionLimits(new Dictionary<EntryKind, DateTimeOffset> { [EntryKind.Observation] = December.AddYears(1) }, null);
        var thinned = store.Thin(limits, row => row.Position == 4);
        thinned.Single().Entries.Should().Equal(new Dictionary<EntryKind, long> { [EntryKind.Observation] = 4 });
        store.Thin(limits, row => row.Position == 4).Should().BeEmpty();
        using var view = store.OpenView();
        view.Entries(new()).Select(r => r.Position).Should().Equal([1, 3, 4, 5, 7, 9, .. Enumerable.Range(11, 10)]);
        (view.Months[0].Thinned, view.Count(), view.Newest).Should().Be((4, 16, 20));
    }

    /// <summary>Entries that are in turn a verdict about … and an observation of stream 2, and a document that counts.</summary>
    private protected static void Write(IStoreWriter writer, DateTimeOffset now, int entries)
    {
        writer.Begin(now);
        for (var i = 0; i < entries; i++)
        {
            var next = writer.Position + 1;
            if (next % 2 == 0) writer.Append(EntryKind.Observation, 2, next, null, now, Bytes("{}"));
            else writer.Append(EntryKind.Verdict, null, null, FormattableString.Invariant($"A-{next % 10}"), now, Bytes("{}"));
        }
        writer.Put("count", "all", Bytes(FormattableString.Invariant($"{writer.Position}")));
        writer.Commit();
    }

    private protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private protected static string Text(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span);
}
