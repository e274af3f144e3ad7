namespace Sluice.Client;

/// <summary>Why the tasks of a run ran, or why they did not have to.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Against">What it is compared with: a commit, a run, or null where there is nothing.</param>
/// <param name="RootCauses">What changed, each once, with the tasks that it made run; largest group first.</param>
/// <param name="Tasks">The tasks asked for.</param>
public sealed record WhyView(
    string RunId, string? Against, IReadOnlyList<RootCauseView> RootCauses, IReadOnlyList<TaskWhyView> Tasks);

/// <summary>One thing that changed.</summary>
/// <param name="Reason">What it is.</param>
/// <param name="Tasks">The tasks that it concerns directly.</param>
/// <param name="Downstream">How many further tasks ran or might have run after them.</param>
public sealed record RootCauseView(ReasonView Reason, IReadOnlyList<string> Tasks, int Downstream);

/// <summary>One task's explanation.</summary>
/// <param name="Task">The task.</param>
/// <param name="Fields">The fields of the fingerprint that differ.</param>
/// <param name="MadeBy">For a reused task, who made its result.</param>
/// <param name="NotCovered">What the fingerprint does not cover, for a person.</param>
public sealed record TaskWhyView(
    TaskView Task, IReadOnlyList<FieldDifferenceView> Fields, ProvenanceView? MadeBy, IReadOnlyList<string> NotCovered);

/// <summary>A field of a fingerprint that differs.</summary>
/// <param name="Field">Its kind: <c>command</c>, <c>script</c>, <c>code</c>, <c>input</c>, …</param>
/// <param name="Subject">Which one.</param>
/// <param name="Before">The baseline's value; null where it had none.</param>
/// <param name="After">This run's value; null where it has none.</param>
public sealed record FieldDifferenceView(string Field, string Subject, string? Before, string? After);

/// <summary>Who made a result.</summary>
/// <param name="Run">The run.</param>
/// <param name="Task">The task's name in it.</param>
/// <param name="Commit">Its commit.</param>
/// <param name="Engine">Its engine.</param>
/// <param name="StartedAt">When the command began.</param>
/// <param name="FinishedAt">When its outputs were stored.</param>
/// <param name="Adopted">Taken from committed files, not computed.</param>
public sealed record ProvenanceView(
    string Run, string Task, string Commit, string Engine, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, bool Adopted);
