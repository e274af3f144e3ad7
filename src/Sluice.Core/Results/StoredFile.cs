using Sluice.Core.Jobs;

namespace Sluice.Core.Results;

/// <summary>A file whose content is in the store.</summary>
/// <param name="Path">Where it belongs; relative to the data folder for inputs and outputs.</param>
/// <param name="Content">What it holds.</param>
/// <param name="IsExecutable">Its executable bit.</param>
public sealed record StoredFile(RepoPath Path, BlobInfo Content, bool IsExecutable);
