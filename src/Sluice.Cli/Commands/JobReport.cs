using System.Text.Json.Serialization;
using Sluice.Core.Results;
using Sluice.Server.Hosting;

namespace Sluice.Cli.Commands;

/// <summary>What was found in the store of one job.</summary>
/// <param name="Job">Its name.</param>
/// <param name="Report">What was found.</param>
internal sealed record JobReport<T>(string Job, T Report);

/// <summary>How reports are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(List<JobReport<GcReport>>), TypeInfoPropertyName = "GcReports")]
[JsonSerializable(typeof(List<JobReport<VerifyReport>>), TypeInfoPropertyName = "VerifyReports")]
[JsonSerializable(typeof(List<RerunReportView>), TypeInfoPropertyName = "RerunReports")]
[JsonSerializable(typeof(Reindex))]
internal sealed partial class ReportJson : JsonSerializerContext;
