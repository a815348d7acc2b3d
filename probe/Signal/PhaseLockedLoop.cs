namespace SignalWatch.Signal;

/// <summary>A second-order loop that follows the phase of an oscillation. Its caller measures the phase error against <see cref="PhaseRad"/> and hands it in, once a step.</summary>
public sealed class PhaseLockedLoop
{
    private readonly double maxStepRad;
    private double proportional;
    private double integral;

    /// <summary>Prepares the loop.</summary>
    /// <param name="bandwidthHz">Noise bandwidth, Hz.</param>
    /// <param name="stepRateHz">Steps a second.</param>
    /// <param name="maxOffsetHz">The farthest that its frequency may go from the nominal one, Hz: it can't run away while there is no signal.</param>
    public PhaseLockedLoop(double bandwidthHz, double stepRateHz, double maxOffsetHz)
    {
        maxStepRad = 2 * Math.PI * maxOffsetHz / stepRateHz;
        StepRateHz = stepRateHz;
        SetBandwidth(bandwidthHz);
    }

    /// <summary>Steps a second.</summary>
    public double StepRateHz { get; }

    /// <summary>The phase that it expects at the next step, radians, not wrapped.</summary>
    public double PhaseRad { get; private set; }

    /// <summary>Its frequency against the nominal one, Hz.</summary>
    public double OffsetHz => StepRad * StepRateHz / (2 * Math.PI);

    private double StepRad { get; set; }

    /// <summary>Changes the noise bandwidth, Hz; phase and frequency stay. Damping is 1/√2 (Gardner, Phaselock Techniques, ch. 2).</summary>
    public void SetBandwidth(double bandwidthHz)
    {
        const double Damping = 0.70710678;
        var natural = 2 * bandwidthHz / (Damping + 1 / (4 * Damping)) / StepRateHz;
        proportional = 2 * Damping * natural;
        integral = natural * natural;
    }

    /// <summary>Starts at a phase, at the nominal frequency.</summary>
    public void Reset(double phaseRad)
    {
        PhaseRad = phaseRad;
        StepRad = 0;
    }

    /// <summary>Goes one step on.</summary>
    /// <param name="errorRad">Measured phase less <see cref="PhaseRad"/>, radians.</param>
    public void Advance(double errorRad)
    {
        StepRad = Math.Clamp(StepRad + integral * errorRad, -maxStepRad, maxStepRad);
        PhaseRad += StepRad + proportional * errorRad;
    }
}
