using System.Diagnostics;
using Commerce.Payments;
using Polly.CircuitBreaker;
using Polly.Telemetry;

namespace Commerce.OnCall;

/// <summary>Listens to the pipeline of the payment gateway: is its circuit open, does every call fail?</summary>
public sealed class GatewayHealth : TelemetryListener
{
    /// <summary>At low traffic the circuit never opens; so many failed calls in a row say the same.</summary>
    private const int FailuresInARow = 3;

    /// <summary>An open circuit closes with the next good call only. Without any call for this long nothing is known any more.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private bool _isOpen;
    private int _failures;
    private long _failedAt;
    private string _lastError = "";

    /// <summary>What is wrong, or null.</summary>
    public string? Problem
    {
        get
        {
            lock (_gate)
            {
                if (_failures == 0 || Stopwatch.GetElapsedTime(_failedAt) > Remembered) return null;
                return _isOpen ? $"circuit open, {_lastError}" : _failures >= FailuresInARow ? $"{_failures} calls failed in a row, {_lastError}" : null;
            }
        }
    }

    public override void Write<TResult, TArgs>(in TelemetryEventArguments<TResult, TArgs> args)
    {
        if (args.Source.PipelineName != GatewayPipeline.Name) return;
        lock (_gate)
        {
            switch (args.Event.EventName)
            {
                case "OnCircuitOpened":
                    _isOpen = true;
                    break;
                case "OnCircuitClosed":
                    _isOpen = false;
                    break;
                case "PipelineExecuted":
                    Count(args.Outcome?.Exception);
                    break;
            }
        }
    }

    private void Count(Exception? error)
    {
        if (error is null || !(error is BrokenCircuitException || GatewayPipeline.IsTransient(error)))
        {
            if (error is not OperationCanceledException) _failures = 0;
            return;
        }
        _failures++;
        _failedAt = Stopwatch.GetTimestamp();
        if (error is not BrokenCircuitException) _lastError = error.Message;
    }
}
