using System.Text;
using SignalWatch.Probe.Commands;

Console.OutputEncoding = Encoding.UTF8;
return await ProbeCommandLine.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
