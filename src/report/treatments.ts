import type { Allowed, ClientClass, EndpointShare, FlowChange, Frontend, Treatment } from '../model/change-set.ts';
import { groupBy } from '../model/group-by.ts';
import { socketText } from '../model/ip.ts';
import { counted, firstFew, thousands } from './counts.ts';

/** Connections to one frontend that become the same, whoever opens them. */
export interface FlowGroup {
	/** `everybody to ClusterIP 10.96.0.20:80/tcp` */
	readonly connections: string;
	readonly before: string;
	readonly after: string;
	readonly nodes: readonly string[];
}

/** Changes of connections, those with the same frontend, nodes and treatments together, in the order in which they come. */
export function flowGroups(flows: readonly FlowChange[]): readonly FlowGroup[] {
	const groups = groupBy(flows, ({ frontend, before, after, nodes }) =>
		JSON.stringify([frontend, before, after, nodes]),
	);
	return [...groups.values()].flatMap((group) => {
		const [first] = group;
		if (first === undefined) return [];
		const { frontend, before, after, nodes } = first;
		const who = clientsText(group.map(({ client }) => client));
		return [{ connections: `${who} to ${frontendText(frontend)}`, ...treatmentTexts(before, after), nodes }];
	});
}

const CLIENTS: Readonly<Record<ClientClass['kind'], string>> = {
	pod: 'pods',
	endpoint: 'its own endpoints',
	node: 'the node',
	outside: 'outside',
};

function clientsText(clients: readonly ClientClass[]): string {
	const texts = [...new Set(clients.map(clientText))];
	return ['pods', 'the node', 'outside'].every((each) => texts.includes(each)) ? 'everybody' : texts.join(', ');
}

/** A class of clients: `pods`, `outside (in the source ranges)`. */
export function clientText({ kind, allowedBefore, allowedAfter }: ClientClass): string {
	const ranges = rangesText(allowedBefore, allowedAfter);
	return ranges === '' ? CLIENTS[kind] : `${CLIENTS[kind]} (${ranges})`;
}

/** What a Service's source ranges say of a client, on both sides. */
function rangesText(before: Allowed, after: Allowed): string {
	if (before === after) return before === null ? '' : before ? 'in the source ranges' : 'not in the source ranges';
	if (after === null) return before ? 'was in the source ranges' : 'was not in the source ranges';
	if (before === null) return after ? 'in the new source ranges' : 'not in the new source ranges';
	return after ? 'now in the source ranges' : 'no longer in the source ranges';
}

const FRONTENDS: Readonly<Record<Exclude<Frontend['kind'], 'other-port'>, string>> = {
	'cluster-ip': 'ClusterIP',
	'external-ip': 'external IP',
	'load-balancer-ip': 'load-balancer IP',
	'node-port': 'NodePort',
};

/** Where a connection goes: `ClusterIP 10.96.0.20:80/tcp`, `NodePort 30080/tcp`. */
export function frontendText({ kind, family, address, port, protocol }: Frontend): string {
	if (kind === 'other-port') return `other ports of ${address ?? 'the node'} (${protocol})`;
	const number = port === null ? '‹yet to be assigned›' : String(port);
	if (address === null) return `${FRONTENDS[kind]} ${number}/${protocol}${family === 'ip6' ? ' (IPv6)' : ''}`;
	return `${FRONTENDS[kind]} ${port === null ? address : socketText(address, port)}/${protocol}`;
}

/** Two treatments, said so that one sees what differs. */
export function treatmentTexts(
	before: Treatment,
	after: Treatment,
): { readonly before: string; readonly after: string } {
	return { before: treatmentText(before, after), after: changedText(before, after) };
}

function treatmentText(treatment: Treatment, other: Treatment): string {
	if (treatment.kind === 'refused' || treatment.kind === 'dropped') return treatment.kind;
	if (treatment.kind === 'untouched') return 'not served';
	const listed = other.kind === 'endpoints' && haveCommon(treatment, other) ? '' : `: ${endpointsList(treatment)}`;
	return [`${count(treatment)}${listed}`, ...traits(treatment, other)].join(', ');
}

function changedText(before: Treatment, after: Treatment): string {
	if (after.kind !== 'endpoints' || before.kind !== 'endpoints' || !haveCommon(before, after)) {
		return treatmentText(after, before);
	}
	const differences = [
		...difference(after, before, 'new'),
		...difference(before, after, 'gone'),
		...sharesChange(before, after),
	];
	const listed = differences.length === 0 ? '' : `: ${differences.join('; ')}`;
	return [`${count(after)}${listed}`, ...traits(after, before)].join(', ');
}

function count({ endpoints }: Treatment): string {
	return counted(endpoints.length, 'endpoint');
}

function haveCommon(one: Treatment, other: Treatment): boolean {
	const known = targets(one);
	return other.endpoints.some(({ target }) => known.has(target));
}

function targets({ endpoints }: Treatment): ReadonlySet<string> {
	return new Set(endpoints.map(({ target }) => target));
}

const MOST_ENDPOINTS = 4;

function endpointsList({ endpoints }: Treatment): string {
	const alike = new Set(endpoints.map(({ share }) => share)).size === 1;
	const named = endpoints.map(({ target, share }) => (alike ? target : `${share} ${target}`));
	return firstFew(named, MOST_ENDPOINTS);
}

/** The endpoints that only the first of two treatments has. */
function difference(one: Treatment, other: Treatment, what: 'new' | 'gone'): readonly string[] {
	const known = targets(other);
	const own = one.endpoints.filter(({ target }) => !known.has(target)).map(({ target }) => target);
	return own.length === 0 ? [] : [`${what} ${firstFew(own, MOST_ENDPOINTS)}`];
}

/** Shares of endpoints that stay, where no endpoint comes or leaves: then shares change by themselves. */
function sharesChange(before: Treatment, after: Treatment): readonly string[] {
	const known = new Map(before.endpoints.map(({ target, share }) => [target, share]));
	if (known.size !== after.endpoints.length || !after.endpoints.every(({ target }) => known.has(target))) return [];
	const changed = after.endpoints.filter(({ target, share }) => known.get(target) !== share);
	return changed.length === 0 ? [] : [firstFew(changed.map(shareChange(known)), MOST_ENDPOINTS)];
}

function shareChange(known: ReadonlyMap<string, string>): (endpoint: EndpointShare) => string {
	return ({ target, share }) => `${target} gets ${share} instead of ${known.get(target)}`;
}

/** What else a treatment is, where the other one is not that. */
function traits(treatment: Treatment, other: Treatment): readonly string[] {
	const isCompared = other.kind === 'endpoints';
	const address = addressTrait(treatment);
	const seconds = treatment.affinitySeconds;
	return [
		...((isCompared ? address !== addressTrait(other) : address !== KEPT) ? [address] : []),
		...((isCompared ? seconds !== other.affinitySeconds : seconds !== null) ? [affinityTrait(seconds)] : []),
	];
}

const KEPT = "client's address kept";

function addressTrait({ endpoints }: Treatment): string {
	if (!endpoints.some(({ masqueraded }) => masqueraded)) return KEPT;
	return endpoints.every(({ masqueraded }) => masqueraded) ? 'masqueraded' : 'partly masqueraded';
}

function affinityTrait(seconds: number | null): string {
	return seconds === null ? 'no session affinity' : `session affinity of ${thousands(seconds)} s`;
}
