import { type Places, placesOf } from '../explain/place.ts';
import { type EndpointLoad, sendersOf, sharesOf } from '../explain/shares.ts';
import { percent } from '../explain/words.ts';
import type { ClusterState, Node, ServicePort } from '../model/cluster-state.ts';
import { groupBy } from '../model/group-by.ts';
import { IP_FAMILIES, type IpFamily } from '../model/ip.ts';
import type { NetworkSettings } from '../model/settings.ts';
import { type Draft, draft, portObject } from './draft.ts';
import type { PortEvidence, PortSide } from './evidence.ts';

/** A side's nodes, with what they send where. */
export interface Senders {
	readonly state: ClusterState;
	readonly places: Places;
}

export function senders(state: ClusterState, network: NetworkSettings): Senders {
	return { state, places: placesOf(state, network) };
}

/** An endpoint with more than this many times the load of another one makes the load skewed. */
const MOST_TIMES = 2n;

/**
 * Finds whether load on the ClusterIP becomes skewed, or even again. Each node is taken to send the same; hints and
 * internalTrafficPolicy decide where it goes.
 */
export function sharesChange(evidence: PortEvidence, base: Senders, head: Senders): readonly Draft[] {
	const { before, after, id } = evidence;
	if (before === null || after === null || !(isUneven(before) || isUneven(after))) return [];
	const skews = IP_FAMILIES.map((family) => ({ old: skewOf(before, family, base), now: skewOf(after, family, head) }));
	const skewed = skews.find(({ old, now }) => old === null && now !== null)?.now ?? null;
	const evened = skews.find(({ old, now }) => old !== null && now === null)?.old ?? null;
	const object = portObject(id);
	return [
		...(skewed === null
			? []
			: [
					draft({
						id: 'endpoint-share-skewed',
						object,
						sentence: `one endpoint gets ${skewed.most} of the traffic where another gets ${skewed.least}, if every node sends the same`,
						identity: { before: 'even', after: 'skewed' },
					}),
				]),
		...(evened === null
			? []
			: [
					draft({
						id: 'endpoint-share-evened',
						object,
						sentence: 'no endpoint gets more than twice the traffic of another any more, if every node sends the same',
						identity: { before: 'skewed', after: 'even' },
					}),
				]),
	];
}

/** Without hints or a Local policy every endpoint gets the same, and nothing has to be computed. */
function isUneven({ service, port }: PortSide): boolean {
	if (service.internalTrafficPolicy === 'Local') return true;
	return IP_FAMILIES.some((family) =>
		port.endpoints[family].some(({ zoneHints, nodeHints }) => zoneHints.length + nodeHints.length > 0),
	);
}

interface Skew {
	readonly most: string;
	readonly least: string;
}

function skewOf({ service, port }: PortSide, family: IpFamily, { state, places }: Senders): Skew | null {
	const groups = alike(port, family, state.nodes);
	const weights = new Map(
		[...groups.values()].flatMap(([first, ...others]) =>
			first === undefined ? [] : [[first.name, others.length + 1] as const],
		),
	);
	const from = sendersOf(
		service,
		port,
		family,
		[...groups.values()].flatMap((group) => group.slice(0, 1)),
		weights,
		places,
	);
	const { endpoints } = sharesOf(port, family, from, places);
	const [most, least] = [endpoints.reduce(larger, endpoints[0]), endpoints.reduce(smaller, endpoints[0])];
	if (most === undefined || least === undefined) return null;
	const isSkewed = most.after.of * least.after.in > MOST_TIMES * least.after.of * most.after.in;
	return isSkewed ? { most: percent(most.after), least: percent(least.after) } : null;
}

/** Nodes of a zone send alike, but those that have an endpoint or are hinted: one can stand for all others. */
function alike(port: ServicePort, family: IpFamily, nodes: readonly Node[]): ReadonlyMap<string, readonly Node[]> {
	const own = new Set(port.endpoints[family].flatMap(({ node, nodeHints }) => [node, ...nodeHints]));
	return groupBy(nodes, ({ name, zone }) => (own.has(name) ? `node ${name}` : `zone ${zone}`));
}

function larger(a: EndpointLoad | undefined, b: EndpointLoad): EndpointLoad {
	return a === undefined || b.after.of * a.after.in > a.after.of * b.after.in ? b : a;
}

function smaller(a: EndpointLoad | undefined, b: EndpointLoad): EndpointLoad {
	return a === undefined || b.after.of * a.after.in < a.after.of * b.after.in ? b : a;
}
