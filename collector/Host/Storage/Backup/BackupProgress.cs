namespace SignalWatch.Collector.Storage.Backup;

/// <summary>What a long copy is doing.</summary>
internal enum BackupStage
{
    /// <summary>Settings, series and whatever else lies in the data folder.</summary>
    Files,

    /// <summary>Months of the journal are copied.</summary>
    Journal,

    /// <summary>Entries are read, for their digests or into another store.</summary>
    Entries,

    /// <summary>Evidence and keys.</summary>
    Evidence,

    /// <summary>Digests of files are compared.</summary>
    Verify,
}

/// <summary>How far a long copy is: told often, on the thread that copies.</summary>
internal sealed class BackupProgress(Action<BackupProgress>? told = null)
{
    public BackupStage Stage { get; private set; }

    public long Files { get; private set; }

    public long Bytes { get; private set; }

    public long Entries { get; private set; }

    public void Begin(BackupStage stage)
    {
        Stage = stage;
        told?.Invoke(this);
    }

    public void AddBytes(long bytes)
    {
        Bytes += bytes;
        told?.Invoke(this);
    }

    public void AddFile()
    {
        Files++;
        told?.Invoke(this);
    }

    public void AddEntry()
    {
        const int Often = 4_096;
        if (++Entries % Often == 0) told?.Invoke(this);
    }
}
