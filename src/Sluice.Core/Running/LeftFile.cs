namespace Sluice.Core.Running;

/// <summary>A file that a task left.</summary>
/// <param name="Name">By what name, relative to the folder that was asked about.</param>
/// <param name="Path">Where it is, free of links; what is wrong where it cannot be taken is in <paramref name="Error"/>.</param>
/// <param name="IsOwn">Whether it was found without following a link: nobody else has a claim to it.</param>
/// <param name="Error">Why it cannot be taken, as the end of a sentence about the task; null where it can.</param>
internal sealed record LeftFile(string Name, string Path, bool IsOwn, string? Error = null);
