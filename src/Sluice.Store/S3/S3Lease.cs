using System.Globalization;
using System.Text;
using Sluice.Core;

namespace Sluice.Store.S3;

/// <summary>An object that says that somebody is at work; renewed while they live, so that one who was killed is not waited for without end.</summary>
internal sealed class S3Lease : IAsyncDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(1);

    private readonly ISpaceFiles _files;
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewing;

    private S3Lease(ISpaceFiles files, string name, TimeProvider time)
    {
        (_files, _name, _time) = (files, name, time);
        _renewing = RenewAsync();
    }

    /// <summary>Takes a lease; null while somebody else has it.</summary>
    public static async Task<S3Lease?> TryTakeAsync(ISpaceFiles files, string name, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!await IsAliveAsync(files, name, time, cancellationToken))
        {
            await files.DeleteAsync([name], cancellationToken);
        }

        return await files.WriteAsync(name, Until(time), replace: false, cancellationToken) ? new S3Lease(files, name, time) : null;
    }

    /// <summary>Whether somebody has a lease.</summary>
    public static async Task<bool> IsAliveAsync(ISpaceFiles files, string name, TimeProvider time, CancellationToken cancellationToken) =>
        await files.ReadAsync(name, maxBytes: null, cancellationToken) is { } until
        && DateTimeOffset.TryParse(Encoding.UTF8.GetString(until).Split('\n')[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        && at > time.GetUtcNow();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        _ended.Dispose();
        await _files.DeleteAsync([_name], CancellationToken.None);
    }

    // Two that take a lease at one moment write different texts, and so one of them is told that it is taken.
    private static byte[] Until(TimeProvider time) => Encoding.UTF8.GetBytes($"{time.GetUtcNow() + Lifetime:O}\n{Guid.NewGuid()}\n");

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Renewal, _time, _ended.Token);
                await TryRenewAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Given up.
        }
    }

    private async Task TryRenewAsync()
    {
        try
        {
            await _files.WriteAsync(_name, Until(_time), replace: true, _ended.Token);
        }
        catch (SluiceException)
        {
            // The server does not answer; the lease lives for some renewals more.
        }
    }
}
