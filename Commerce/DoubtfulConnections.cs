using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Commerce;

/// <summary>
/// Parts with connections that are in doubt about their own statements. Where the values of a call are what PostgreSQL refuses (class 22), it does so
/// before it says what the statement answers; when the same call was to prepare the statement, Npgsql takes it for one without an answer
/// (npgsql/npgsql#6391), and the next use on that connection fails after its work is done. The pool's connections are made anew then.
/// </summary>
internal sealed class DoubtfulConnections : IDbCommandInterceptor, ISaveChangesInterceptor
{
    public void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Part(eventData.Exception, command.Connection);

    public Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        CommandFailed(command, eventData);
        return Task.CompletedTask;
    }

    /// <summary>A statement of a batch after its first fails while answers are read, which is no failure of the command.</summary>
    public void SaveChangesFailed(DbContextErrorEventData eventData) => Part(eventData.Exception.InnerException, eventData.Context?.Database.GetDbConnection());

    public Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        SaveChangesFailed(eventData);
        return Task.CompletedTask;
    }

    private static void Part(Exception? failure, DbConnection? connection)
    {
        if (failure is PostgresException { SqlState: ['2', '2', ..] } && connection is NpgsqlConnection doubtful) NpgsqlConnection.ClearPool(doubtful);
    }
}
