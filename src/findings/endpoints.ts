import type { FlowChange } from '../model/change-set.ts';
import type { Endpoint } from '../model/cluster-state.ts';
import { type ByFamily, byFamily, IP_FAMILIES, type IpFamily } from '../model/ip.ts';
import { servedFlows } from './client-address.ts';
import { type Draft, draft, portObject } from './draft.ts';
import type { PortEvidence, PortSide } from './evidence.ts';
import { counted, listed } from './words.ts';

/** The endpoints of a service port that could serve: the ready ones, or, where none is, those that still serve while they end. */
export function usable(side: PortSide | null, family: IpFamily): readonly Endpoint[] {
	const endpoints = side?.port.endpoints[family] ?? [];
	const ready = endpoints.filter((endpoint) => endpoint.ready);
	return ready.length > 0 ? ready : endpoints.filter(({ serving, terminating }) => serving && terminating);
}

interface Difference {
	readonly come: readonly Endpoint[];
	readonly gone: readonly Endpoint[];
	/** the address stays, the port does not */
	readonly moved: readonly { readonly from: Endpoint; readonly to: Endpoint }[];
}

/** Finds endpoints that come, leave or listen elsewhere, where some serve before and after. */
export function endpointsOf(evidence: PortEvidence): readonly Draft[] {
	const differences = byFamily((family) => difference(evidence, family));
	const all = (pick: (each: Difference) => readonly Endpoint[]) =>
		IP_FAMILIES.flatMap((family) => pick(differences[family]));
	const counts = [evidence.before, evidence.after].map((side) =>
		IP_FAMILIES.map((family) => usable(side, family).length),
	);
	const [before, after] = counts.map((lengths) => counted(Math.max(...lengths), 'endpoint'));
	const about = { object: portObject(evidence.id), before: before ?? null, after: after ?? null };
	const flows = servedFlows(evidence);
	const come = targets(all((each) => each.come));
	const gone = targets(all((each) => each.gone));
	return [
		...(come.size === 0
			? []
			: [
					draft({
						...about,
						id: 'endpoints-added',
						sentence: 'endpoints come',
						identity: { before: '', after: 'more' },
						flows: flows.filter((flow) => flow.after.endpoints.some(({ target }) => come.has(target))),
					}),
				]),
		...(gone.size === 0
			? []
			: [
					draft({
						...about,
						id: 'endpoints-removed',
						sentence: 'endpoints leave',
						identity: { before: '', after: 'fewer' },
						flows: flows.filter((flow) => flow.before.endpoints.some(({ target }) => gone.has(target))),
					}),
				]),
		...movedDraft(evidence, differences, flows),
	];
}

function targets(endpoints: readonly Endpoint[]): ReadonlySet<string> {
	return new Set(endpoints.map(({ target }) => target));
}

/** Nothing where none served before or none does after: that is a loss or a recovery. */
function difference({ before, after }: PortEvidence, family: IpFamily): Difference {
	const [old, now] = [usable(before, family), usable(after, family)];
	if (old.length === 0 || now.length === 0) return { come: [], gone: [], moved: [] };
	const [oldTargets, nowTargets] = [targets(old), targets(now)];
	const gone = old.filter(({ target }) => !nowTargets.has(target));
	const come = now.filter(({ target }) => !oldTargets.has(target));
	const moved = gone.flatMap((from) =>
		come.filter(({ address }) => address === from.address).map((to) => ({ from, to })),
	);
	const stay = new Set(moved.map(({ from }) => from.address));
	return {
		come: come.filter(({ address }) => !stay.has(address)),
		gone: gone.filter(({ address }) => !stay.has(address)),
		moved,
	};
}

function movedDraft(
	{ id }: PortEvidence,
	differences: ByFamily<Difference>,
	flows: readonly FlowChange[],
): readonly Draft[] {
	const moved = IP_FAMILIES.flatMap((family) => differences[family].moved);
	if (moved.length === 0) return [];
	const before = listed(moved.map(({ from }) => String(from.port)));
	const after = listed(moved.map(({ to }) => String(to.port)));
	const concerned = targets(moved.flatMap(({ from, to }) => [from, to]));
	const touches = ({ endpoints }: FlowChange['before']) => endpoints.some(({ target }) => concerned.has(target));
	return [
		draft({
			id: 'endpoint-port-changed',
			object: portObject(id),
			sentence: 'the endpoints are asked at another port',
			before: before === null ? null : `port ${before}`,
			after: after === null ? null : `port ${after}`,
			identity: { before: before ?? '', after: after ?? '' },
			flows: flows.filter((flow) => touches(flow.before) || touches(flow.after)),
		}),
	];
}

/** Finds UDP flows that lead to endpoints that left: without a clean-up they do so until they fall silent. */
export function staleFlowsOf(evidence: PortEvidence): readonly Draft[] {
	const { id, before, after, flows } = evidence;
	if (before === null || after === null || after.port.protocol !== 'udp') return [];
	const serving = (side: PortSide) =>
		IP_FAMILIES.flatMap((family) => side.port.endpoints[family]).filter((each) => each.serving);
	const still = targets(serving(after));
	const gone = targets(serving(before).filter(({ target }) => !still.has(target)));
	if (gone.size === 0) return [];
	return [
		draft({
			id: 'udp-conntrack-stale',
			object: portObject(id),
			sentence: 'UDP flows under way to endpoints that leave have to be forgotten',
			identity: { before: 'udp', after: '' },
			flows: flows.filter((flow) => flow.before.endpoints.some(({ target }) => gone.has(target))),
		}),
	];
}
