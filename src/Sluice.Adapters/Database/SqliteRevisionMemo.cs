using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Database;

/// <summary>What git's ids stand for, in SQLite.</summary>
internal sealed class SqliteRevisionMemo(SqliteDatabase database) : IRevisionMemo
{
    /// <summary>Another form of the manifest takes another number; older ones are then read anew from git.</summary>
    private const int ManifestVersion = 1;

    /// <summary>How many parsed manifests are kept, newest first.</summary>
    private const int MaxManifests = 200;

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, BlobInfo>> FindContentsAsync(
        IReadOnlyCollection<string> blobIds, CancellationToken cancellationToken) => await database.ReadAsync(
        connection =>
        {
            // One prepared look-up by key for each is quicker than a temporary table, up to hundreds of thousands.
            var found = new Dictionary<string, BlobInfo>(blobIds.Count);
            using var command = new SqliteCommand("select digest, size from blobs where blob_id = @id", connection);
            var id = command.Parameters.Add("@id", SqliteType.Text);
            foreach (var blobId in blobIds)
            {
                id.Value = blobId;
                using var reader = command.ExecuteReader();
                if (reader.Read())
                {
                    found.Add(blobId, new BlobInfo(Digest.Parse(reader.GetString(0)), reader.GetInt64(1)));
                }
            }

            return Task.FromResult(found);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task SaveContentsAsync(IReadOnlyDictionary<string, BlobInfo> contents, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, transaction) =>
        {
            using var command = new SqliteCommand(
                "insert into blobs (blob_id, digest, size) values (@id, @digest, @size) on conflict (blob_id) do nothing", connection, transaction);
            var (id, digest, size) = (command.Parameters.Add("@id", SqliteType.Text), command.Parameters.Add("@digest", SqliteType.Text), command.Parameters.Add("@size", SqliteType.Integer));
            foreach (var (blobId, content) in contents)
            {
                (id.Value, digest.Value, size.Value) = (blobId, content.Digest.Hex, content.Size);
                command.ExecuteNonQuery();
            }
        },
        isDurable: false,
        cancellationToken);

    /// <inheritdoc/>
    public Task<Manifest?> FindManifestAsync(string blobId, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => await connection.QuerySingleOrDefaultAsync<byte[]>(
            "select body from manifests where blob_id = @blobId and version = @version", new { blobId, version = ManifestVersion }) is { } body
            ? JsonSerializer.Deserialize(body, CoreJson.Default.Manifest)
            : null,
        cancellationToken);

    /// <inheritdoc/>
    public Task SaveManifestAsync(string blobId, Manifest manifest, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, transaction) => connection.Execute(
            """
            insert into manifests (blob_id, version, body) values (@blobId, @version, @body)
            on conflict (blob_id) do update set version = excluded.version, body = excluded.body;
            delete from manifests where rowid <= (select max(rowid) from manifests) - @max;
            """,
            new { blobId, version = ManifestVersion, body = JsonSerializer.SerializeToUtf8Bytes(manifest, CoreJson.Default.Manifest), max = MaxManifests },
            transaction),
        isDurable: false,
        cancellationToken);
}
