using System.Collections.Immutable;

namespace Sluice.Core.Jobs;

/// <summary>Collects what is wrong with a manifest beside other files, each mistake at the value that it is about.</summary>
internal sealed class JobMistakes(ManifestReading reading)
{
    private readonly FoundMistakes _found = new();

    /// <summary>Every mistake, as they were found.</summary>
    public ImmutableArray<Mistake> All => _found.All;

    /// <summary>Whether a mistake of the manifest itself has a part in a field.</summary>
    public bool IsDoubtful(string owner, string field) => reading.Doubtful.Contains((owner, field));

    /// <summary>Adds one.</summary>
    /// <param name="task">Whose it is; null for the settings of the job.</param>
    /// <param name="field">The field.</param>
    /// <param name="value">The text of the item where the field is a list, else empty.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="advice">What would be right.</param>
    public void Report(JobTask? task, string field, string value, string problem, string advice)
    {
        var owner = task?.Name.Value ?? ManifestReading.Job;
        var place = reading.Place(owner, field, value) ?? task?.Position ?? default;
        _found.Add(place, task is null ? owner : $"Task '{owner}'", problem, advice);
    }
}
