namespace Commerce.Jobs;

/// <summary>How many jobs a worker can take on at the moment. None is negative, and each is a part of the one before.</summary>
/// <param name="All">Of any priority.</param>
/// <param name="BelowHigh">Of them, normal and low together.</param>
/// <param name="Low">Of those, low.</param>
public readonly record struct JobRoom(int All, int BelowHigh, int Low);
