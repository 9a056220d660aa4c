import { newNoLocalCounter } from '../../health/no-local-endpoints.ts';
import { newTriggerTimes } from '../../health/trigger-times.ts';
import { type AgentMetrics, elementsOf } from '../../host/metrics/agent-metrics.ts';
import type { IpFamily } from '../../model/ip.ts';
import type { Problem } from '../../model/problem.ts';
import type { AgentObserver } from '../observer.ts';

/** Measures what happens. @param problems what is wrong with the objects as they are now */
export function metricsDuty(
	metrics: AgentMetrics,
	families: readonly IpFamily[],
	problems: () => readonly Problem[],
): Partial<AgentObserver> {
	const times = newTriggerTimes();
	const noLocal = newNoLocalCounter();
	return {
		onEvent: (event) => {
			if (event.resource === 'endpointslices') times.onEvent(event);
			for (const family of families) metrics.queued(family);
		},
		onSyncStart: (changes, { tables }) => {
			times.begin();
			const count = (kind: string) => changes.filter((change) => change.kind === kind).length;
			metrics.changed({ services: count('Service'), endpointSlices: count('EndpointSlice') });
			for (const { family, views } of tables) {
				for (const [name, view] of views) noLocal.set(family, name, view);
			}
		},
		onSyncEnd: (results, states) => {
			for (const result of results) {
				const { family, kind } = result;
				const succeeded = kind === 'synced';
				const full = succeeded && result.synced.contact !== null;
				const programming = succeeded ? times.finish(family) : [];
				metrics.synced({ family, full, succeeded, seconds: result.milliseconds / 1000, programming });
				if (succeeded) metrics.noLocalEndpoints(family, noLocal.counts(family));
				if (!succeeded && result.outOfStep) metrics.generationConflict(family);
			}
			for (const { name, quarantined } of states) metrics.quarantined(name.family, quarantined.size);
			const found = problems();
			const count = (severity: Problem['severity']) => found.filter((problem) => problem.severity === severity).length;
			metrics.problems({ error: count('error'), warning: count('warning') });
			metrics.pending({ services: 0, endpointSlices: 0 });
		},
		onTransaction: (change, text, { outcome, milliseconds }) =>
			metrics.transaction({ outcome, seconds: milliseconds / 1000, bytes: text.length, elements: elementsOf(change) }),
		onDrift: metrics.driftRepaired,
		onCleanUpFailure: (stuck) => stuck.forEach(metrics.cleanUpFailed),
	};
}
