using Bench.Measuring;
using Bench.Servers;

namespace Bench.Benches;

/// <summary>One table of the report.</summary>
internal interface IBench
{
    /// <summary>As the command line calls it.</summary>
    string Name { get; }

    /// <summary>What is asked, in one line.</summary>
    string Question { get; }

    /// <summary>Measures, and adds a table.</summary>
    Task RunAsync(Laboratory laboratory, Contest contest, Report report);
}
