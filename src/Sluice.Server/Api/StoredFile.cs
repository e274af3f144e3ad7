using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sluice.Core.Results;

namespace Sluice.Server.Api;

/// <summary>
/// A file of a commit. What a task made is nobody's page: an attachment, never sniffed, and without rights where a browser shows it all the same.
/// </summary>
/// <param name="content">The content, which is closed here.</param>
/// <param name="about">Its digest and size.</param>
/// <param name="name">What to save it as.</param>
internal sealed class StoredFile(Stream content, BlobInfo about, string name) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        var tag = new EntityTagHeaderValue($"\"{about.Digest}\"");
        await Results.File(content, "application/octet-stream", name, entityTag: tag, enableRangeProcessing: true).ExecuteAsync(httpContext);

        // The framework leaves these answers empty, with the length of the file that they are not.
        if (response.StatusCode is 412 or 416 && !response.HasStarted)
        {
            response.ContentLength = null;
            response.Headers.Remove(HeaderNames.ContentDisposition);
            var problem = response.StatusCode == 416
                ? Problems.Of(416, "range-not-satisfiable", "The request is not right", $"The Range lies outside of the file, which has {about.Size} bytes.")
                : Problems.Of(412, "precondition-failed", "The request is not right", "The file is not the one that If-Match or If-Unmodified-Since names.");
            await Problems.WriteAsync(httpContext, problem, httpContext.RequestAborted);
        }
    }
}
