using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sluice.Store.Files;

/// <summary>Small records as files that are whole or not there.</summary>
internal sealed class JsonFile(SpaceLayout layout, UnflushedFiles unflushed)
{
    /// <summary>What a file holds; null where there is none, or something that is no such record.</summary>
    public static async Task<T?> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken), type);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes a file.</summary>
    /// <returns>False when it is there already and must not be replaced.</returns>
    public bool Write(string path, ReadOnlySpan<byte> json, bool replace)
    {
        var temporary = layout.NewTemporary();
        File.WriteAllBytes(temporary, json);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (replace)
        {
            File.Move(temporary, path, overwrite: true);
        }
        else
        {
            // A second name is given to one only, however many try; File.Move looks first and renames then.
            var isFirst = NativeFiles.TryLink(temporary, path);
            File.Delete(temporary);
            if (!isFirst)
            {
                return File.Exists(path)
                    ? false
                    : throw new IOException($"'{path}' could not be made: the file system of the store has to know hard links.");
            }
        }

        unflushed.Add(path);
        return true;
    }
}
