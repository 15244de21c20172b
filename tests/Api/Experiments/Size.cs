using System.Globalization;

namespace Tests.Api.Experiments;

/// <summary>How large an experiment is: small, unless the environment says otherwise. <c>docs/experiments.md</c> has the full sizes.</summary>
internal static class Size
{
    public static int Of(string variable, int small) => Given(variable) ?? small;

    /// <summary>Null where the environment says nothing: a bound that only a quiet machine is held to.</summary>
    public static int? Given(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Printed by the experiment, and taken from <c>EXPERIMENT_SEED</c> to replay one.</summary>
    public static int Seed() => Of("EXPERIMENT_SEED", Environment.TickCount);
}
