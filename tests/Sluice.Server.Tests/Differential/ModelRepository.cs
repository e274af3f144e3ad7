using Sluice.Testing;

namespace Sluice.Server.Tests.Differential;

/// <summary>A real repository that is what a model says, commit for commit.</summary>
internal sealed class ModelRepository : IDisposable
{
    private HashSet<string> _files = [];

    private ModelRepository(TestRepository repository) => Repository = repository;

    public TestRepository Repository { get; }

    public static async Task<ModelRepository> CreateAsync(JobModel model)
    {
        var repository = new ModelRepository(await TestRepository.CreateAsync());
        await repository.CommitAsync(model);
        return repository;
    }

    public async Task CommitAsync(JobModel model)
    {
        var files = model.Files();
        foreach (var gone in _files.Except(files.Select(file => file.Path)))
        {
            File.Delete(Path.Combine(Repository.Path, gone));
        }

        foreach (var (path, content) in files)
        {
            Repository.Write(path, content);
        }

        foreach (var task in model.Tasks)
        {
            File.SetUnixFileMode(
                Path.Combine(Repository.Path, task.ScriptPath),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | (task.IsExecutable ? UnixFileMode.UserExecute : UnixFileMode.None));
        }

        _files = [.. files.Select(file => file.Path)];
        await Repository.CommitAsync();
    }

    public void Dispose() => Repository.Dispose();
}
