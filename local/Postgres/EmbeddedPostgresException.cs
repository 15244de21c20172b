namespace Local.Postgres;

/// <summary>The embedded server cannot start, or ended unasked. The message is meant for the person at the terminal: what is wrong, where, and what to do.</summary>
public sealed class EmbeddedPostgresException(string message, Exception? inner = null) : Exception(message, inner);
