using System.Runtime.InteropServices;
using SignalWatch.Contracts;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Tests;

/// <summary>Receivers by native libraries. Where a library is installed it is called; where it is not, its absence has to be told with the package's name.</summary>
public sealed class NativeReceiverTests
{
    private static bool Has(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var handle)) return false;
        NativeLibrary.Free(handle);
        return true;
    }

    private static Problem Refused(Action act)
    {
        var problem = FluentActions.Invoking(act).Should().Throw<ProblemException>().Which.Problem;
        problem.Detail.Zh.Should().NotBeEmpty();
        return problem;
    }

    [Fact]
    public void An_rtl_sdr_that_is_not_there_is_told_or_the_library_is_named()
    {
        var problem = Refused(() => RtlSdrSource.Open(new RtlSdrOptions { Serial = "no such serial", CenterFrequencyHz = 98e6 }, TimeProvider.System));
        if (Has("librtlsdr.so.0"))
        {
            problem.Code.Should().Be("rtl-sdr.no-device");
            problem.Title.En.Should().Contain("no such serial");
            problem.Detail.En.Should().Contain("udev").And.Contain("There are:");
            RtlSdrSource.List().Should().OnlyHaveUniqueItems(d => d.Index);
        }
        else
        {
            problem.Code.Should().Be("rtl-sdr.no-library");
            problem.Detail.En.Should().Contain("apt-get install librtlsdr0");
        }
    }

    [Fact]
    public void A_rate_that_an_rtl_sdr_does_not_do_is_refused_before_anything_is_opened() =>
        Refused(() => RtlSdrSource.Open(new RtlSdrOptions { CenterFrequencyHz = 98e6, SampleRateHz = 20_480_000 }, TimeProvider.System)).Code.Should().Be("receiver.sample-rate");

    [Fact]
    public void A_receiver_that_soapysdr_does_not_know_is_told_or_the_library_is_named()
    {
        var problem = Refused(() => SoapySource.Open(new SoapyOptions { Device = "driver=nosuchdriver", CenterFrequencyHz = 98e6, SampleRateHz = 2e6 }, TimeProvider.System));
        if (Has("libSoapySDR.so.0.8"))
        {
            problem.Code.Should().Be("soapy.no-device");
            problem.Title.En.Should().Contain("driver=nosuchdriver");
            problem.Detail.En.Should().Contain("no match", "it is the library's own reason");
        }
        else
        {
            problem.Code.Should().Be("soapy.no-library");
            problem.Detail.En.Should().Contain("apt-get install libsoapysdr0.8");
        }
    }

    [Fact]
    public void The_null_device_takes_all_settings_and_has_no_stream()
    {
        // SoapySDR's built-in device: it accepts everything and gives nothing. It shows that the calls before the stream are right.
        var problem = Refused(() => SoapySource.Open(new SoapyOptions { Device = "driver=null", CenterFrequencyHz = 98e6, SampleRateHz = 2e6, GainDb = 20, Antenna = "RX", BandwidthHz = 2e6, Ppm = 1 }, TimeProvider.System));
        problem.Code.Should().Be(Has("libSoapySDR.so.0.8") ? "soapy.stream" : "soapy.no-library");
    }
}
