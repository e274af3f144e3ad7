namespace Sluice.Core.Results;

/// <summary>One look at the contents of a store: many questions at the price of a few.</summary>
public interface IContentLook
{
    /// <summary>Whether the content was there, with the right size, when the look was taken.</summary>
    ValueTask<bool> IsThereAsync(BlobInfo content, CancellationToken cancellationToken);

    /// <summary>The first content of many that was not there; null where all were.</summary>
    async ValueTask<BlobInfo?> FirstLostAsync(IEnumerable<BlobInfo> contents, CancellationToken cancellationToken)
    {
        foreach (var content in contents)
        {
            if (!await IsThereAsync(content, cancellationToken))
            {
                return content;
            }
        }

        return null;
    }
}
