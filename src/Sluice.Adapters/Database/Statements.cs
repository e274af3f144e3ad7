using Microsoft.Data.Sqlite;

namespace Sluice.Adapters.Database;

/// <summary>The statements that every start runs. By hand, since Dapper's first use costs a tenth of a cold plan; all others go through Dapper.</summary>
internal static class Statements
{
    /// <summary>A statement with its parameters.</summary>
    public static SqliteCommand Statement(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = new SqliteCommand(sql, connection);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    /// <summary>Runs it.</summary>
    public static void Run(this SqliteConnection connection, string sql)
    {
        using var command = connection.Statement(sql);
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row; null where there is none.</summary>
    public static object? Scalar(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.Statement(sql, parameters);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }
}
