using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Sluice.Core.Planning;

[JsonSerializable(typeof(ImmutableArray<string>))]
internal sealed partial class FieldJson : JsonSerializerContext;
