import type { FlowChange, Treatment } from '../model/change-set.ts';
import type { FindingId } from './catalogue.ts';
import { changesClientAddress, servedFlows } from './client-address.ts';
import { type Draft, draft, portObject } from './draft.ts';
import { usable } from './endpoints.ts';
import type { PortEvidence, PortSide } from './evidence.ts';
import { treatedAfter, treatedBefore } from './words.ts';

const SENTENCES = {
	'local-policy-added': 'clients reach endpoints on their own node only',
	'local-policy-dropped': 'clients reach endpoints on other nodes too',
	'zone-hints-added': 'clients reach the endpoints that are hinted for them only',
	'zone-hints-dropped': 'hints do not narrow the endpoints any more',
	'zone-hints-changed': 'clients reach other endpoints, because other ones are hinted for them',
} as const satisfies Partial<Record<FindingId, string>>;

type TopologyId = keyof typeof SENTENCES;

/** Finds clients that reach fewer or more endpoints of those there are: a Local policy or hints begin, cease or change. */
export function topologyOf(evidence: PortEvidence): readonly Draft[] {
	const flows = servedFlows(evidence).filter(({ before, after }) => targetsOf(before) !== targetsOf(after));
	const reasons = flows.map((flow) => ({ flow, id: reasonOf(flow, evidence) }));
	return (Object.keys(SENTENCES) as TopologyId[]).flatMap((id) => {
		const own = reasons.filter((each) => each.id === id).map(({ flow }) => flow);
		if (own.length === 0) return [];
		const [before, after] = [treatedBefore(own), treatedAfter(own)];
		return [draft({ id, object: portObject(evidence.id), sentence: SENTENCES[id], before, after, flows: own })];
	});
}

function targetsOf({ endpoints }: Treatment): string {
	return endpoints.map(({ target }) => target).join(' ');
}

function reasonOf(flow: FlowChange, evidence: PortEvidence): TopologyId | null {
	const [local, localNow] = [isLocal(evidence.before, flow), isLocal(evidence.after, flow)];
	if (local !== localNow) {
		// The policy for external traffic decides about the client's address too, and that is told already.
		if (changesClientAddress(flow)) return null;
		return local ? 'local-policy-dropped' : 'local-policy-added';
	}
	if (local) return null;
	const hinted = isHinted(evidence.before, flow, flow.before);
	const hintedNow = isHinted(evidence.after, flow, flow.after);
	if (hinted !== hintedNow) return hinted ? 'zone-hints-dropped' : 'zone-hints-added';
	return hinted && choosesAnew(flow, evidence) ? 'zone-hints-changed' : null;
}

/** Whether an endpoint that could serve before and after is used on one side only. */
function choosesAnew({ frontend, before, after }: FlowChange, evidence: PortEvidence): boolean {
	const [old, now] = [before, after].map(({ endpoints }) => new Set(endpoints.map(({ target }) => target)));
	const both = new Set(usable(evidence.before, frontend.family).map(({ target }) => target));
	const stays = usable(evidence.after, frontend.family).filter(({ target }) => both.has(target));
	return stays.some(({ target }) => old?.has(target) !== now?.has(target));
}

/** Whether a Local policy decides: of external traffic it does for clients outside only. */
function isLocal(side: PortSide | null, { frontend, client }: FlowChange): boolean {
	if (side === null) return false;
	const { internalTrafficPolicy, externalTrafficPolicy } = side.service;
	if (frontend.kind === 'cluster-ip') return internalTrafficPolicy === 'Local';
	return externalTrafficPolicy === 'Local' && client.kind === 'outside';
}

/** Whether hints leave out some of the endpoints that could serve. */
function isHinted(side: PortSide | null, { frontend }: FlowChange, { endpoints }: Treatment): boolean {
	const all = usable(side, frontend.family);
	const hasHints = all.some(({ zoneHints, nodeHints }) => zoneHints.length + nodeHints.length > 0);
	return hasHints && new Set(all.map(({ target }) => target)).size > endpoints.length;
}
