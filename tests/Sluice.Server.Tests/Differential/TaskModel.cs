using System.Collections.Immutable;

namespace Sluice.Server.Tests.Differential;

/// <summary>One task of a random job. It prints a digit or two of a checksum of all it sees, so that the same output comes up often.</summary>
public sealed record TaskModel
{
    public required int Number { get; init; }

    public required ImmutableArray<string> Inputs { get; init; }

    public bool IsRenamed { get; init; }

    public bool IsExecutable { get; init; }

    public bool WritesFolder { get; init; }

    public bool ReadsParam { get; init; }

    public int Script { get; init; }

    public int Width { get; init; } = 1;

    public int Variable { get; init; }

    public int Minutes { get; init; } = 5;

    public string Name => IsRenamed ? $"renamed{Number}" : $"t{Number}";

    public string ScriptPath => $"src/job/script{Number}";

    public string Output => WritesFolder ? $"o{Number}/" : $"o{Number}";

    public string Command
    {
        get
        {
            var seen = $"cat src/job/lib {ScriptPath} {(ReadsParam ? "params.yaml " : "")}$(find data/ -type f | sort); test -x {ScriptPath} && echo x; echo $V";
            return $"({seen}) | md5sum | tr a-f 0-5 | cut -c1-{Width} > made; {(WritesFolder ? $"mkdir data/o{Number}; cp made data/o{Number}/a; cp made data/o{Number}/b" : $"cp made data/o{Number}")}";
        }
    }

    public string Yaml => string.Join(
        '\n',
        $"{Name}:",
        $"  script: script{Number}",
        $"  inputs: [{string.Join(", ", Inputs)}]",
        $"  outputs: [{Output}]",
        $"  env: {{V: {Variable}}}",
        ReadsParam ? "  params: [a]" : "  retries: 0",
        $"  timeout: {Minutes}m",
        $"  command: '{Command}'",
        "");
}
