using Microsoft.Data.Sqlite;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Database;

/// <summary>What git's ids stand for, in SQLite.</summary>
internal sealed class SqliteRevisionMemo(SqliteDatabase database) : IRevisionMemo
{
    /// <summary>How many parsed manifests are kept, newest first.</summary>
    private const int MaxManifests = 200;

    /// <summary>How many bytes of them.</summary>
    private const long MaxManifestBytes = 128L * 1024 * 1024;

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, BlobInfo>> FindContentsAsync(
        IReadOnlyCollection<string> blobIds, CancellationToken cancellationToken) => database.ReadAsync(
        connection => Task.FromResult<IReadOnlyDictionary<string, BlobInfo>>(FindContents(connection, blobIds)), cancellationToken);

    /// <inheritdoc/>
    public Task SaveContentsAsync(IReadOnlyDictionary<string, BlobInfo> contents, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, transaction) =>
        {
            using var command = new SqliteCommand(
                "insert into blobs (blob_id, digest, size) values (@id, @digest, @size) on conflict (blob_id) do nothing", connection, transaction);
            var id = command.Parameters.Add("@id", SqliteType.Text);
            var digest = command.Parameters.Add("@digest", SqliteType.Blob);
            var size = command.Parameters.Add("@size", SqliteType.Integer);
            foreach (var (blobId, content) in contents)
            {
                (id.Value, digest.Value, size.Value) = (blobId, Convert.FromHexString(content.Digest.Hex), content.Size);
                command.ExecuteNonQuery();
            }
        },
        isDurable: false,
        cancellationToken);

    /// <inheritdoc/>
    public Task<Manifest?> FindManifestAsync(string blobId, CancellationToken cancellationToken) => database.ReadAsync(
        connection => Task.FromResult(
            connection.Scalar(
                "select body from manifests where blob_id = @id and version = @version", ("@id", blobId), ("@version", ManifestForm.Version)) is byte[] body
                ? ManifestForm.Read(body)
                : null),
        cancellationToken);

    /// <inheritdoc/>
    public async Task SaveManifestAsync(string blobId, Manifest manifest, CancellationToken cancellationToken)
    {
        var body = ManifestForm.Write(manifest);
        await database.WriteAsync(
            (connection, transaction) =>
            {
                using var command = connection.Statement(
                    """
                    insert into manifests (number, blob_id, version, body)
                    values ((select coalesce(max(number), 0) + 1 from manifests), @id, @version, @body)
                    on conflict (blob_id) do update set number = excluded.number, version = excluded.version, body = excluded.body;
                    delete from manifests where number in (
                      select number
                      from (select number, row_number() over newest as place, sum(length(body)) over newest as bytes
                            from manifests window newest as (order by number desc)) as kept
                      where place > @count or (place > 1 and bytes > @bytes));
                    """,
                    ("@id", blobId), ("@version", ManifestForm.Version), ("@body", body), ("@count", MaxManifests), ("@bytes", MaxManifestBytes));
                command.Transaction = transaction;
                command.ExecuteNonQuery();
            },
            isDurable: false,
            cancellationToken);
    }

    private static Dictionary<string, BlobInfo> FindContents(SqliteConnection connection, IReadOnlyCollection<string> blobIds)
    {
        var found = new Dictionary<string, BlobInfo>(blobIds.Count);

        // Git's ids are hex, so the list can be written down without escaping; anything else is no id that could be known.
        var wanted = $"[\"{string.Join("\",\"", blobIds.Where(id => id.All(char.IsAsciiHexDigit)))}\"]";
        using var command = connection.Statement(
            "select blob_id, digest, size from json_each(@wanted) as wanted cross join blobs on blob_id = wanted.value", ("@wanted", wanted));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            // Not GetBytes, which looks for the row once more.
            found[reader.GetString(0)] = new BlobInfo(Digest.FromHash(reader.GetFieldValue<byte[]>(1)), reader.GetInt64(2));
        }

        return found;
    }
}
