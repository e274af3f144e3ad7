using System.Globalization;
using System.Text.Json.Nodes;

namespace Sluice.Testing.Kubernetes;

/// <summary>The objects of a <see cref="TestKubernetes"/>, with a version for each change, and the changes for whoever watches.</summary>
internal sealed class KubernetesObjects
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Resource, string Name), JsonObject> _objects = [];
    private readonly List<Change> _changes = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = 1000;
    private long _expired;

    /// <summary>The version of the last change.</summary>
    public string Version
    {
        get
        {
            lock (_lock)
            {
                return Text(_version);
            }
        }
    }

    /// <summary>A copy of an object.</summary>
    public JsonObject? Find(string resource, string name)
    {
        lock (_lock)
        {
            return _objects.TryGetValue((resource, name), out var found) ? Copy(found) : null;
        }
    }

    /// <summary>Copies of all objects, and the version they are of.</summary>
    public (IReadOnlyList<JsonObject> Items, string Version) List(string resource, Func<JsonObject, bool> matches)
    {
        lock (_lock)
        {
            return ([.. _objects.Where(it => it.Key.Resource == resource && matches(it.Value)).Select(it => Copy(it.Value))], Text(_version));
        }
    }

    /// <summary>Makes or changes an object.</summary>
    /// <returns>It, as it is now; null where it is there and must be new.</returns>
    public JsonObject? Set(string resource, JsonObject value, bool mustBeNew = false)
    {
        lock (_lock)
        {
            var kept = Copy(value);
            var metadata = kept["metadata"]!.AsObject();
            var key = (resource, metadata["name"]!.ToString());
            var known = _objects.GetValueOrDefault(key);
            if (known is not null && mustBeNew)
            {
                return null;
            }

            metadata["uid"] = known?["metadata"]?["uid"]?.ToString() ?? metadata["uid"]?.ToString() ?? Guid.NewGuid().ToString();
            metadata["creationTimestamp"] ??= known?["metadata"]?["creationTimestamp"]?.ToString()
                ?? TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            metadata["resourceVersion"] = Text(++_version);
            _objects[key] = kept;
            Tell(new Change(_version, resource, known is null ? "ADDED" : "MODIFIED", kept));
            return Copy(kept);
        }
    }

    /// <summary>Takes an object away.</summary>
    /// <returns>False where it is not there.</returns>
    public bool Delete(string resource, string name)
    {
        lock (_lock)
        {
            if (!_objects.Remove((resource, name), out var last))
            {
                return false;
            }

            var gone = Copy(last);
            gone["metadata"]!["resourceVersion"] = Text(++_version);
            Tell(new Change(_version, resource, "DELETED", gone));
            return true;
        }
    }

    /// <summary>Forgets all changes so far: whoever watches from a version before is told that it is too old.</summary>
    public void Expire()
    {
        lock (_lock)
        {
            _expired = ++_version;
            _changes.Clear();
        }
    }

    /// <summary>The changes after a version, and what ends when there are more; null where the version is too old.</summary>
    public (IReadOnlyList<Change> Changes, long Version, Task More)? Since(long version)
    {
        lock (_lock)
        {
            return version < _expired ? null : ([.. _changes.Where(change => change.Version > version)], _version, _changed.Task);
        }
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static JsonObject Copy(JsonObject value) => value.DeepClone().AsObject();

    private void Tell(Change change)
    {
        _changes.Add(change);
        var told = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        told.SetResult();
    }

    /// <summary>One change; its object is never changed again.</summary>
    public sealed record Change(long Version, string Resource, string Type, JsonObject Value);
}
