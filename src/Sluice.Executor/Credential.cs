namespace Sluice.Executor;

/// <summary>The keys to the store. Never printed.</summary>
/// <param name="AccessKey">The access key; empty where the store's own way of finding one is to be used.</param>
/// <param name="SecretKey">The secret key to it.</param>
/// <param name="SessionToken">What a credential of one run needs beside both; empty for one that is good for ever.</param>
internal sealed record Credential(string AccessKey, string SecretKey, string SessionToken)
{
    private const string FileName = "credential";

    /// <summary>As the init container has it.</summary>
    public static Credential FromEnvironment() =>
        new(Read("STORE_ACCESS_KEY"), Read("STORE_SECRET_KEY"), Read("STORE_SESSION_TOKEN"));

    /// <summary>Leaves it in a folder, for the owner alone.</summary>
    public void Write(string folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var writer = new StreamWriter(Path.Combine(folder, FileName), options);
        writer.Write($"{AccessKey}\n{SecretKey}\n{SessionToken}\n");
    }

    /// <summary>Takes it out of a folder: afterwards it is in this process only. Null where there is none.</summary>
    public static Credential? Take(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        var lines = File.ReadAllLines(path);
        File.Delete(path);
        return lines is [var access, var secret, var session, ..] ? new Credential(access, secret, session) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => "Credential";

    private static string Read(string variable) => Environment.GetEnvironmentVariable(variable) ?? "";
}
