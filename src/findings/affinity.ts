import { servedFlows } from './client-address.ts';
import { type Draft, draft, portObject } from './draft.ts';
import type { PortEvidence } from './evidence.ts';

/** Finds whether clients stay with their endpoint, and how long. */
export function affinityOf(evidence: PortEvidence): readonly Draft[] {
	const { before, after } = evidence;
	const flows = servedFlows(evidence).filter((flow) => flow.before.affinitySeconds !== flow.after.affinitySeconds);
	if (before === null || after === null || flows.length === 0) return [];
	const [old, now] = [before, after].map(({ service }) => service.affinitySeconds);
	const id = now === null ? 'affinity-removed' : old === null ? 'affinity-added' : 'affinity-timeout-changed';
	const sentences = {
		'affinity-removed': 'clients do not stay with their endpoint any more',
		'affinity-added': 'clients stay with their endpoint',
		'affinity-timeout-changed': 'clients stay with their endpoint for another time',
	};
	const words = { before: timeText(old ?? null), after: timeText(now ?? null) };
	return [draft({ id, object: portObject(evidence.id), sentence: sentences[id], ...words, identity: words, flows })];
}

function timeText(seconds: number | null): string {
	return seconds === null ? 'no session affinity' : `${seconds} s`;
}
