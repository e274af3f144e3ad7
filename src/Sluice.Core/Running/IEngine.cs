namespace Sluice.Core.Running;

/// <summary>Where tasks run, as far as a plan needs to know. What it can do with them is said by the two kinds below.</summary>
public interface IEngine
{
    /// <summary>The name in configuration and records: <c>process</c>, <c>container</c> or <c>argo</c>.</summary>
    string Name { get; }

    /// <summary>What a task's fingerprint says of where it runs: <c>host:linux-x64</c>, or the platform of images.</summary>
    string Environment { get; }

    /// <summary>Whether tasks run in images, and these count.</summary>
    bool UsesImages { get; }

    /// <summary>Whether a task that asks for the network may have it; an engine that cannot keep it away gives it to every task.</summary>
    bool HasNetwork { get; }
}
