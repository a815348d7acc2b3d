using System.Globalization;
using System.Text;

namespace SignalWatch.Probe.Evidence;

/// <summary>Writes rows of bytes as a NumPy array, <c>uint8[rows, columns]</c> (NEP 1, format version 1.0): an open format of 128 bytes of plain text and then the numbers, which any program reads in ten lines.
/// The number of rows stands at the beginning; it is brought up to date with each <see cref="Flush"/>, so that a torn file opens as well.</summary>
internal sealed class NpyWriter(Stream stream, int columns)
{
    // NEP 1 wants the numbers aligned to 64 bytes; twice that holds any shape.
    private const int HeaderBytes = 128;

    private bool begun;

    public long Rows { get; private set; }

    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Write(ReadOnlySpan<byte> row)
    {
        if (row.Length != columns) throw new ArgumentException("a row has as many values as the array has columns", nameof(row));
        if (!begun) Flush();
        stream.Write(row);
        Rows++;
    }

    /// <summary>Writes the head with the rows of now; the stream stands at the end again.</summary>
    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Flush()
    {
        var header = new byte[HeaderBytes];
        header.AsSpan().Fill((byte)' ');
        (header[0], header[6], header[7], header[8], header[9], header[^1]) = (0x93, 1, 0, HeaderBytes - 10, 0, (byte)'\n');
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{'descr': '|u1', 'fortran_order': False, 'shape': ({Rows}, {columns}), }}")).CopyTo(header, 10);
        stream.Position = 0;
        stream.Write(header);
        stream.Position = HeaderBytes + Rows * columns;
        begun = true;
    }
}
