namespace Local.Redis;

/// <summary>The embedded server cannot start. The message is meant for the person at the terminal: what is wrong, where, and what to do.</summary>
public sealed class EmbeddedRedisException(string message, Exception? inner = null) : Exception(message, inner);
