using System.Collections.Immutable;
using Sluice.Core.Revisions;

namespace Sluice.Core.Jobs;

/// <summary>A declared input with all that it stands for.</summary>
/// <param name="Declared">As the author wrote it.</param>
/// <param name="Sources">The files of the revision behind it, sorted; paths are those of the repository.</param>
/// <param name="Producers">The indexes of the tasks that make it or a part of it, sorted.</param>
public sealed record ResolvedInput(DataPath Declared, ImmutableArray<RevisionFile> Sources, ImmutableArray<int> Producers);
