using CsCheck;
using Sluice.Core.Planning;
using Sluice.Core.Results;

namespace Sluice.Core.Tests.Planning;

public sealed class FingerprintTests
{
    private static readonly Gen<FingerprintField[]> GenFields = Gen.Select(
        Gen.Enum<FieldKind>(), Gen.String[0, 4], Gen.String[0, 4], (kind, subject, value) => new FingerprintField(kind, subject, value)).Array[0, 5];

    [Fact]
    public void The_encoding_is_fixed()
    {
        var fingerprint = Fingerprint.Of([new(FieldKind.Command, "", "sh true"), new(FieldKind.Image, "", "host:linux-x64")]);

        Assert.Equal(Expected, fingerprint.ToString());
    }

    [Fact]
    public void Different_fields_have_different_fingerprints() => Gen.Select(GenFields, GenFields).Sample(
        (left, right) => left.SequenceEqual(right) == (Fingerprint.Of(left) == Fingerprint.Of(right)), iter: 5_000);

    [Fact]
    public void Differences_are_found_inside_listings()
    {
        var before = Listing(("a", "1"), ("b", "1"));
        var after = Listing(("a", "2"), ("c", "1"));
        var texts = new[] { before, after }.ToDictionary(listing => listing.Digest, listing => listing.Text);

        var differences = FieldDifferences.Between(
            [new(FieldKind.Code, "", "tree " + before.Digest)], [new(FieldKind.Code, "", "tree " + after.Digest)], texts.GetValueOrDefault);

        Assert.Equal(["code changed a", "code changed b", "code changed c"], Reasons.Of(differences).Select(reason => $"code changed {reason.Subject}"));
        Assert.All(Reasons.Of(differences), reason => Assert.Equal(ReasonCode.CodeChanged, reason.Code));
    }

    // What was stored under a fingerprint is found again by the next release only if this never changes.
    private const string Expected = "sha256:e335d82d66ff9d53602350025579fbc22bf601f8b8af0c41d81eb50eeaf62ef5";

    private static FileListing Listing(params (string Path, string Content)[] files) => FileListing.Of(
        files.Select(file => new StoredFile(Core.Jobs.RepoPath.Trusted(file.Path), new BlobInfo(Digest.Of(file.Content), 1), false)));
}
