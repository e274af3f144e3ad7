using System.Text;

namespace Sluice.Testing.Kubernetes;

/// <summary>What a container of a pod of a <see cref="TestKubernetes"/> prints, as long as it runs.</summary>
public sealed class TestLog
{
    private readonly Lock _lock = new();
    private readonly List<byte> _bytes = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isEnded;

    /// <summary>Prints something.</summary>
    public TestLog Append(string text) => Append(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Append(string)"/>
    public TestLog Append(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _bytes.AddRange(bytes);
            Tell();
        }

        return this;
    }

    /// <summary>Nothing more is printed: whoever follows is at the end.</summary>
    public TestLog End()
    {
        lock (_lock)
        {
            _isEnded = true;
            Tell();
        }

        return this;
    }

    /// <summary>What is there after so many bytes, whether that is all, and what ends when there is more.</summary>
    internal (byte[] Bytes, bool IsEnded, Task More) Read(int from)
    {
        lock (_lock)
        {
            return ([.. _bytes.Skip(from)], _isEnded, _changed.Task);
        }
    }

    private void Tell()
    {
        var told = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        told.SetResult();
    }
}
