using Sluice.Adapters.Registry;

namespace Sluice.Adapters.Tests.Registry;

public sealed class ImageNameTests
{
    [Theory]
    [InlineData("python:3.12", "registry-1.docker.io library/python 3.12")]
    [InlineData("team/tool:1", "registry-1.docker.io team/tool 1")]
    [InlineData("docker.io/python:3.12", "registry-1.docker.io library/python 3.12")]
    [InlineData("index.docker.io/library/python:3.12", "registry-1.docker.io library/python 3.12")]
    [InlineData("ghcr.io/team/a/b:V1_2", "ghcr.io team/a/b V1_2")]
    [InlineData("localhost/tool:1", "localhost tool 1")]
    [InlineData("localhost:5000/tool:1", "localhost:5000 tool 1")]
    [InlineData("[::1]:5000/tool:1", "[::1]:5000 tool 1")]
    [InlineData("Registry.Example.org/a__b/c---d:x", "registry.example.org a__b/c---d x")]
    public void Short_forms_are_written_out(string text, string name)
    {
        var parsed = ImageName.Parse(text);

        Assert.Equal(name, $"{parsed?.Authority} {parsed?.Repository} {parsed?.Tag}");
    }

    [Theory]
    [InlineData("python")]
    [InlineData("Python:3.12")]
    [InlineData("python:")]
    [InlineData("python:-x")]
    [InlineData(":3.12")]
    [InlineData("a//b:1")]
    [InlineData("../etc:1")]
    [InlineData("user@host.example/tool:1")]
    [InlineData("https://host.example/tool:1")]
    [InlineData("host.example:99999/tool:1")]
    [InlineData("host.example/tool?x=y:1")]
    [InlineData("host.example/to ol:1")]
    [InlineData("host.example/tool\r\nX-Y:1")]
    public void What_is_no_name_is_none(string text) => Assert.Null(ImageName.Parse(text));
}
