using Sluice.Store.S3;

namespace Sluice.Server.Hosting;

/// <summary>Reads the settings of a store on S3 (<c>SLUICE_STORE__…</c>).</summary>
/// <param name="value">The value of a setting by its name, without <c>SLUICE_</c>.</param>
/// <param name="mistakes">Takes what is wrong.</param>
internal sealed class S3SettingsReader(Func<string, string?> value, List<string> mistakes)
{
    private const string Prefix = "SLUICE_STORE__";

    private static readonly string[] OnlyS3 = ["ENDPOINT", "REGION", "BUCKET", "ACCESS_KEY", "SECRET_KEY", "PATH_STYLE", "SINGLE_WRITER"];

    /// <summary>The settings; null for a store on files.</summary>
    /// <param name="isPublishing">Whether copies under commits hold their data.</param>
    public S3Options? Read(bool isPublishing)
    {
        var kind = Get("KIND") ?? "files";
        if (kind == "files")
        {
            // Left aside without a word, they would let somebody believe that results are on S3.
            mistakes.AddRange(OnlyS3.Where(name => Get(name) is not null).Select(name => $"{Prefix}{name}: is for S3; set {Prefix}KIND=s3 too."));
            return null;
        }

        if (kind != "s3")
        {
            Report("KIND", kind, "files or s3");
        }

        if (Get("ACCESS_KEY") is null != Get("SECRET_KEY") is null)
        {
            mistakes.Add($"{Prefix}ACCESS_KEY and {Prefix}SECRET_KEY: set both, or neither to take what the environment offers.");
        }

        return new S3Options
        {
            PublishData = isPublishing,
            Endpoint = Endpoint(),
            Region = Get("REGION") ?? new S3Options().Region,
            Bucket = Get("BUCKET"),
            AccessKey = Get("ACCESS_KEY"),
            SecretKey = Get("SECRET_KEY"),
            UsesPathStyle = Flag("PATH_STYLE"),
            HasSingleWriter = Flag("SINGLE_WRITER") ?? false,
        };
    }

    private string? Get(string name) => value("STORE__" + name);

    private Uri? Endpoint()
    {
        if (Get("ENDPOINT") is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", PathAndQuery: "/", UserInfo: "" })
        {
            return uri;
        }

        // What is wrong is not repeated: it may hold a password.
        mistakes.Add($"{Prefix}ENDPOINT: is not the address of a server; write one like https://minio.example.org:9000, without user and path.");
        return null;
    }

    private bool? Flag(string name)
    {
        var text = Get(name);
        if (text is not (null or "true" or "false"))
        {
            Report(name, text, "true or false");
        }

        return text is null ? null : text == "true";
    }

    private void Report(string name, string wrong, string right) => mistakes.Add($"{Prefix}{name}: '{wrong}' is not right; write {right}.");
}
