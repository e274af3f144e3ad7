using System.Net;
using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>The examples of the contract as they stand there, through the real binary.</summary>
public sealed class ContractExampleTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    // Section 1, to the letter.
    private const string Manifest = """
        train.py:
          inputs:  [X_train.csv, y_train.csv, embeddings/]   # relative to data/; a trailing / is a folder
          outputs: [trained_model.pkl]                       # each output has exactly one producing task
          image: liabifano/job            # no tag: the tag is the first 7 characters of the commit
          command: python src/job/train.py    # a string runs under /bin/sh -c; a list runs as it is
          # optional
          script: train.py                # relative to the code folder; default: the task's name, where such a file exists
          code: [src/job/helpers.py, src/job/lib/**]   # relative to the repository; replaces the job's `shared` for this task
          environment_files: [uv.lock]    # likewise, replaces the job's
          env: {SEED: 42}                 # numbers and booleans as written
          params: [train.lr, train.epochs]             # keys of params.yaml; only these are tracked, and staged
          resources: {cpu: 500m, memory: 1Gi, gpu: 0}
          timeout: 10m                    # of the command, staging not counted
          retries: 2
          cache: false                    # reads the outside world: runs once in every run, its result is never reused
          track_image: true               # see "Images"

        $job:                             # optional settings of the whole job
          name: job                       # default for the command line: the last part of the repository's address
          code_dir: src/job               # default src/<job_name>
          data_dir: data
          shared: [src/job/**]            # code that every task may import; default: the code folder
          environment_files: [Dockerfile, …]   # default: the well-known files at the root, below
          defaults: {image: python:3.12, retries: 1}
        """;

    // Section 2, "A run".
    private static readonly string[] RunFields =
    [
        "id", "kind", "trigger", "job_name", "job_url", "ref", "commit", "baseline_commit", "engine", "status", "created_at", "finished_at", "error",
        "warnings", "counts", "tasks",
    ];

    private static readonly string[] TaskFields =
    [
        "name", "planned", "state", "reasons", "fingerprint", "result_run", "result_commit", "exit_code", "queued_at", "started_at", "finished_at",
        "attempts",
    ];

    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task The_manifest_of_section_1_is_read_as_it_stands_and_its_task_sees_what_it_says()
    {
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", Manifest.Replace(
                "python src/job/train.py",
                "'find . -type f | sort; cat params.yaml; echo $SEED $LANG $TZ; test -n \"$SLUICE_TASK\"; echo 1 > data/trained_model.pkl'",
                StringComparison.Ordinal)),
            ("params.yaml", "train: {lr: 0.01, epochs: 3, other: 1}\n"),
            ("src/job/train.py", ""), ("src/job/helpers.py", ""), ("src/job/lib/deep/x.py", ""), ("src/job/other.py", ""), ("uv.lock", ""), ("Dockerfile", ""), ("…", ""),
            ("data/X_train.csv", "x"), ("data/y_train.csv", "y"), ("data/embeddings/a/b", "e"), ("data/unused.csv", "u"));

        var run = await _service.RunAsync(repository, job: "example");
        using var log = new StreamReader(await _service.Api.LogAsync(run.Id, "train.py"));
        var lines = (await log.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(
            [
                "./data/X_train.csv", "./data/embeddings/a/b", "./data/y_train.csv", "./params.yaml", "./src/job/helpers.py", "./src/job/lib/deep/x.py",
                "./src/job/train.py", "./uv.lock",
            ],
            lines.TakeWhile(line => line.StartsWith("./", StringComparison.Ordinal)));
        Assert.Equal("42 C.UTF-8 UTC", lines[^1]);
        Assert.Contains(lines, line => line.Contains("0.01", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("other", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_of_the_original_works_unchanged_and_its_results_lie_where_they_lay()
    {
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", """
                clean.py:
                  inputs: [raw.csv]
                  outputs: [clean.csv]
                  image: liabifano/job
                  command: sh src/original/clean.py
                """),
            ("src/original/clean.py", "cat $DATA_INPUT_PATH/raw.csv > $DATA_OUTPUT_PATH/clean.csv; echo l > $LOGS_OUTPUT_PATH/l; echo m > $METADATA_OUTPUT_PATH/m\n"),
            ("data/raw.csv", "raw"));

        var run = await _service.RunAsync(repository, job: "original");
        var root = Path.Combine(_service.State, "store", "original", run.Commit);

        Assert.Equal(
            [
                "code/clean.py", "commit_date.txt", "data/clean.csv", "data/raw.csv", "dependencies.yaml", "logs/clean.py/l", "metadata/clean.py/m", "run.json",
            ],
            Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path)).Order(StringComparer.Ordinal));
        Assert.Equal("2026-01-01 00:00:01", await File.ReadAllTextAsync(Path.Combine(root, "commit_date.txt")));
        Assert.Equal("raw", await File.ReadAllTextAsync(Path.Combine(root, "data", "clean.csv")));
    }

    [Fact]
    public async Task A_run_has_the_fields_of_section_2_and_no_others()
    {
        using var repository = await TestRepository.CreateAsync(("dependencies.yaml", "a: {outputs: [o], code: [], command: echo 1 > data/o}"));

        using var response = await _service.PostAsync(new { job_name = "shape", job_url = repository.Path });
        var run = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        var task = run.GetProperty("tasks")[0];
        var stored = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_service.State, "store", "shape", run.GetProperty("commit").GetString()!, "run.json"))).RootElement;

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/api/v1/runs/{run.GetProperty("id").GetString()}", response.Headers.Location!.ToString());
        Assert.Equal(RunFields, run.EnumerateObject().Select(field => field.Name));
        Assert.Equal(TaskFields, task.EnumerateObject().Select(field => field.Name).Except(["error"]));
        Assert.Equal(["code", "subject", "detail"], task.GetProperty("reasons")[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal(["started_at", "finished_at", "exit_code", "error"], task.GetProperty("attempts")[0].EnumerateObject().Select(field => field.Name));
        Assert.EndsWith("Z", run.GetProperty("created_at").GetString()!.Replace("+00:00", "Z", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("succeeded", stored.GetProperty("status").GetString());
        Assert.Equal(1, stored.GetProperty("schema").GetInt32());
    }
}
