using Sluice.Core.Results;
using Sluice.Core.Running;
using Sluice.Store.Files;
using Sluice.Testing;

namespace Sluice.Store.Tests;

/// <summary>The space of the job on files, as tests open and damage it.</summary>
internal static class TestSpace
{
    public static (IStore Store, IStoreMaintenance Maintenance) Create(TempFolder folder, TimeProvider time) =>
        FileStoreServices.Create(new StateFolder(folder.Path), new FileStoreOptions(), time);

    public static string PathOf(TempFolder folder, BlobInfo content) =>
        Path.Combine(folder.Path, "store", "job", ".sluice", "cas", "sha256", content.Digest.Hex[..2], content.Digest.Hex);

    public static Task SpoilAsync(TempFolder folder, BlobInfo content)
    {
        File.SetUnixFileMode(PathOf(folder, content), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return File.WriteAllTextAsync(PathOf(folder, content), new string('!', (int)content.Size));
    }
}
