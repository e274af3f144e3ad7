using Sluice.Core.Builds;

namespace Sluice.Core.Tests.Builds;

public sealed class DockerfileTests
{
    [Fact]
    public void What_a_build_reads_is_what_it_copies_adds_and_mounts_from_its_context()
    {
        var reads = Reads("""
            # syntax=docker/dockerfile:1
            FROM python:3.12 AS build
            copy --chown=1:1 src/ lib /app/
            COPY --from=build /app /app
            ADD https://example.org/x.tar git@example.org:a/b.git models /opt/
            COPY ["with space", "/x"]
            RUN --mount=type=bind,source=conf,target=/c --mount=type=cache,target=/k --mount=from=build,source=a,target=/a make
            RUN --mount=target=/all make
            ONBUILD COPY . /later
            WORKDIR /app
            """);

        Assert.Equal(["3 copies src/", "3 copies lib", "5 adds models", "6 copies with space", "7 mounts conf", "8 mounts ."], reads);
    }

    [Fact]
    public void Instructions_go_on_over_lines_comments_and_texts_of_their_own()
    {
        var reads = Reads("""
            FROM a
            RUN pip install \
                # COPY no /x

                x \
                y
            COPY \
                one \
                /x
            RUN cat <<EOF > /a && cat <<-"TEXT"
            COPY no /x
            EOF
            	COPY no /x
            	TEXT
            COPY <<EOF two /x/
            COPY no /x
            EOF
            RUN cat <<< "a"
            COPY three \
            """ + "\n");

        Assert.Equal(["7 copies one", "15 copies two"], reads);
    }

    [Fact]
    public void The_escape_is_what_the_file_says()
    {
        Assert.Equal(["2 copies a\\", "2 copies b"], Reads("# escape=`\nCOPY a\\ `\n b /x"));
    }

    [Fact]
    public void Only_what_takes_a_text_is_followed_by_one() =>
        Assert.Equal(["2 copies a", "4 copies b"], Reads("LABEL use=\"cat <<EOF x\"\nCOPY a /x\nENV A=1 <<EOF\nCOPY b /x\n"));

    [Theory]
    [InlineData("Dockerfile", true)]
    [InlineData("Dockerfile.gpu", true)]
    [InlineData("gpu.Dockerfile", true)]
    [InlineData("Dockerfile.dockerignore", false)]
    [InlineData("gpu.Dockerfile.dockerignore", false)]
    [InlineData("Dockerfiles", false)]
    public void A_Dockerfile_is_known_by_its_name(string name, bool expected) => Assert.Equal(expected, Dockerfile.IsName(name));

    [Theory]
    [InlineData("")]
    [InlineData("COPY")]
    [InlineData("COPY [")]
    [InlineData("COPY [1, null] /x")]
    [InlineData("COPY <<EOF")]
    [InlineData("COPY --from")]
    [InlineData("RUN --mount= --mount=,,= x")]
    [InlineData("COPY [\"\\ud800\", \"/x\"]")]
    [InlineData("\\\n\\\n#\n")]
    [InlineData("\0 \uFFFF \\")]
    public void What_is_no_instruction_is_passed_over(string text) => Assert.True(Dockerfile.Parse(text).Length <= 2);

    private static IEnumerable<string> Reads(string text) => Dockerfile.Parse(text).Select(read => $"{read.Line} {read.Verb} {read.Source}");
}
