using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;

namespace Sluice.Adapters.Argo;

/// <summary>Writes each task of a DAG on one line: thousands of them are read more easily, and take less room.</summary>
internal sealed class OneLineTasks(IEventEmitter next) : ChainedEventEmitter(next)
{
    /// <inheritdoc/>
    public override void Emit(MappingStartEventInfo eventInfo, IEmitter emitter)
    {
        if (eventInfo.Source.Type == typeof(DagTask))
        {
            eventInfo.Style = MappingStyle.Flow;
        }

        base.Emit(eventInfo, emitter);
    }
}
