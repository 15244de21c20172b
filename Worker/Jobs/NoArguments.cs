namespace Worker.Jobs;

/// <summary>For jobs that find out themselves what there is to do.</summary>
public sealed record NoArguments;
