using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store;

/// <summary>The parts of a job's space that each kind of store has in its own way.</summary>
internal interface ISpace
{
    /// <summary>Its small files.</summary>
    ISpaceFiles Files { get; }

    /// <summary>Its contents.</summary>
    IBlobStore Blobs { get; }

    /// <summary>What runs that have not ended need.</summary>
    IHolds Holds { get; }

    /// <summary>The copies for people.</summary>
    IPublication Publication { get; }

    /// <summary>What the pods of a run have put; null on a store that no pod can reach.</summary>
    IRunContents? ContentsOf(RunId run);
}
