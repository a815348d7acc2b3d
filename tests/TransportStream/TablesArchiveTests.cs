namespace SignalWatch.TransportStream.Tests;

public sealed class TablesArchiveTests
{
    [Fact]
    public void A_table_is_there_when_its_last_section_came_and_once()
    {
        var archive = new TableArchive();
        Add(archive, Section(0x42, 7, 3, number: 1, last: 1), 20, 18).Should().BeFalse();
        archive.Tables.Should().BeEmpty();
        archive.Incomplete.Should().ContainSingle().Which.MissingSections.Should().Be(1);
        Add(archive, Section(0x42, 7, 3, number: 0, last: 1), 30, 29).Should().BeTrue();
        for (var i = 0; i < 3; i++) Add(archive, Section(0x42, 7, 3, number: i & 1, last: 1), 40 + i, 40 + i).Should().BeFalse();
        archive.Incomplete.Should().BeEmpty();
        archive.Tables.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Pid = 0x11, TableId = 0x42, Extension = 7, Version = 3, IsCurrent = true, FirstPacket = 18L, LastPacket = 30L, MissingSections = 0 });
    }

    [Fact]
    public void A_new_version_is_a_new_table_and_so_is_a_content_that_changed_under_the_old_version()
    {
        var archive = new TableArchive();
        Add(archive, Section(0x42, 7, 3, filler: 1), 1, 1).Should().BeTrue();
        Add(archive, Section(0x42, 7, 4, filler: 1), 2, 2).Should().BeTrue();
        Add(archive, Section(0x42, 7, 4, filler: 2), 3, 3).Should().BeTrue();
        archive.Tables.Select(table => table.Version).Should().Equal(3, 4, 4);
    }

    [Fact]
    public void The_same_service_id_in_two_networks_is_two_tables()
    {
        var archive = new TableArchive();
        Add(archive, StreamBuilder.Long(0x4F, 101, 0, [0, 1, 0, 1, 0, 0x4F]), 1, 1).Should().BeTrue();
        Add(archive, StreamBuilder.Long(0x4F, 101, 0, [0, 2, 0, 1, 0, 0x4F]), 2, 2).Should().BeTrue();
        Add(archive, StreamBuilder.Long(0x4F, 101, 0, [0, 1, 0, 1, 0, 0x4F]), 3, 3).Should().BeFalse();
        archive.Tables.Should().HaveCount(2);
    }

    [Fact]
    public void A_schedule_is_whole_without_the_ends_of_its_segments()
    {
        var archive = new TableArchive();
        // Segment 0 has sections 0 and 1, segment 1 has 8 only (EN 300 468 5.2.4).
        Add(archive, Schedule(0, 1), 1, 1).Should().BeFalse();
        Add(archive, Schedule(8, 8), 2, 2).Should().BeFalse();
        Add(archive, Schedule(1, 1), 3, 3).Should().BeTrue();
        archive.Tables.Should().ContainSingle().Which.Sections.Should().HaveCount(3);

        static byte[] Schedule(int number, byte segmentLast) => StreamBuilder.Long(0x50, 101, 0, [0, 1, 0, 1, segmentLast, 0x50], number, 8);
    }

    [Fact]
    public void A_flood_of_tables_stays_within_its_bytes_and_takes_schedules_before_programmes()
    {
        var archive = new TableArchive(maxBytes: 100_000);
        Add(archive, StreamBuilder.Long(0x00, 1, 0, [0, 101, 0xE1, 0]), 0, 0);
        for (var i = 0; i < 5_000; i++) Add(archive, StreamBuilder.Long(0x50, i, 0, [0, 1, 0, 1, 0, 0x50, .. new byte[200]]), i, i).Should().BeTrue();
        archive.Tables.Sum(table => table.Sections.Sum(section => section.Length)).Should().BeLessThan(100_000);
        archive.Dropped.Should().BeGreaterThan(4_500);
        archive.Forgotten.Should().BePositive();
        archive.Tables[0].TableId.Should().Be(0);
        archive.Tables[^1].Extension.Should().Be(4_999);
    }

    [Fact]
    public void A_flood_of_pieces_stays_within_its_bytes()
    {
        var archive = new TableArchive(maxBytes: 100_000);
        for (var i = 0; i < 5_000; i++) Add(archive, StreamBuilder.Long(0x50, i, 0, [0, 1, 0, 1, 7, 0x50, .. new byte[200]], 0, 255), i, i).Should().BeFalse();
        archive.Incomplete.Count.Should().BeLessThan(100);
        archive.Tables.Should().BeEmpty();
    }

    [Fact]
    public void Times_are_kept_each_and_a_time_that_is_sent_twice_is_one()
    {
        var archive = new TableArchive();
        byte[] time = [0x70, 0x70, 0x05, 0xED, 0x0A, 0x11, 0x00, 0x00]; // day 60682 of the modified Julian date
        archive.Add(0x14, time, 1, 1).Should().BeTrue();
        archive.Add(0x14, time, 2, 2).Should().BeFalse();
        time[^1] = 0x30;
        archive.Add(0x14, time, 3, 3).Should().BeTrue();
        archive.Tables.Select(table => table.Read(DvbCharset.Utf8)["UTC_time"]).Should().Equal("2025-01-07 11:00:00", "2025-01-07 11:00:30");
    }

    [Fact]
    public void A_flood_of_short_tables_on_all_PIDs_stays_within_its_bytes()
    {
        var archive = new TableArchive(maxBytes: 100_000);
        for (var pid = 0; pid < 8_192; pid++) archive.Add(pid, [0x70, 0x70, 0x05, 0xED, 0x0A, 0x11, 0x00, 0x00], pid, pid).Should().BeTrue();
        archive.Tables.Count.Should().BeLessThan(400);
        archive.Forgotten.Should().Be(15 * 512);
    }

    [Fact]
    public void A_section_that_is_known_allocates_nothing()
    {
        var archive = new TableArchive();
        var section = Section(0x42, 7, 3);
        byte[] time = [0x70, 0x70, 0x05, 0xED, 0x0A, 0x11, 0x00, 0x00]; // day 60682 of the modified Julian date
        void Known()
        {
            for (var i = 0; i < 1_000; i++)
            {
                archive.Add(0x11, section, i, i);
                archive.Add(0x14, time, i, i);
            }
        }
        Known();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Known();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private static bool Add(TableArchive archive, byte[] section, long packet, long first) => archive.Add(0x11, section, packet, first);

    private static byte[] Section(int tableId, int extension, int version, int number = 0, int last = 0, byte filler = 0) =>
        StreamBuilder.Long(tableId, extension, version, [0, 1, 0xFF, 0, 101, 0xFC, 0x80, 0x03, 0xF0, 0x01, filler], number, last);
}
