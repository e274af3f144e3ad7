using Sluice.Core.Jobs;
using Sluice.Core.Running;

namespace Sluice.Core.Tests.Running;

public sealed class ParameterFileTests
{
    [Fact]
    public void The_listed_keys_are_there_with_their_values_and_no_others()
    {
        var file = FileOf(
            ["train.lr", "train.layers", "name", "weights.0"],
            ("train", "{}"),
            ("train.lr", "0.00001"),
            ("train.layers", "\"64,32\""),
            ("train.seed", "7"),
            ("name", "\"😀\""),
            ("weights.0", "1.50"));

        Assert.Equal(
            """
            {
              "name": "😀",
              "train": {"layers": "64,32", "lr": 0.00001},
              "weights": {0: 1.50}
            }

            """,
            file);
    }

    [Fact]
    public void A_key_that_holds_another_brings_it_along() => Assert.Equal(
        """
        {
          "a": {"b": {"c": 1}},
          "ab": 2
        }

        """,
        FileOf(["a.b.c", "ab", "a"], ("a", """{"b": {"c": 1}}"""), ("a.b.c", "1"), ("ab", "2")));

    [Fact]
    public void A_task_without_params_has_no_file() => Assert.Null(FileOf([]));

    private static string? FileOf(string[] keys, params (string Key, string Value)[] values) => ParameterFile.Of(
        new JobTask { Name = new TaskName("a"), Command = TaskCommand.Shell("x"), Params = [.. keys] },
        values.ToDictionary(pair => pair.Key, pair => pair.Value));
}
