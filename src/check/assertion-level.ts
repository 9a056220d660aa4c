import type { CheckDraft, CheckWitness } from '../model/check-report.ts';
import type { ClusterState, Endpoint, Service } from '../model/cluster-state.ts';
import { type IpFamily, socketText } from '../model/ip.ts';
import { shown } from '../model/names.ts';
import { sortedBy } from '../model/order.ts';
import { type Symbols, spoken } from '../model/symbols.ts';
import { podName } from '../trace/address-book.ts';
import { type Asked, type Asking, ask } from './assertions/ask.ts';
import type { Assertion } from './assertions/assertion.ts';
import { outcomeText, type Reached, shortfall } from './assertions/judge.ts';
import { chosenNodes } from './assertions/node-choice.ts';
import { bare } from './result.ts';

/** What assertions are judged with, beside what answers them. */
export interface Judging extends Asking {
	readonly symbols: Symbols;
	/** the options by which `trace` reads the same input; null where it cannot */
	readonly read: readonly string[] | null;
}

/** Judges each assertion on every node it is about, in the order of the file. */
export function assertionLevel(assertions: readonly Assertion[], judging: Judging): readonly CheckDraft[] {
	return assertions.map((assertion) => spokenWitness(judged(assertion, judging), judging.symbols));
}

function judged(assertion: Assertion, judging: Judging): CheckDraft {
	const { state } = judging;
	const chosen = chosenNodes(assertion.nodes, state.nodes);
	if ('unknown' in chosen) return failing(assertion, chosen.unknown);
	const names =
		assertion.nodes.kind === 'all' && state.nodes.length === 0 ? null : atClient(assertion, chosen, judging);
	if (names?.size === 0) {
		const why = chosen.size === 0 ? 'fits no Node' : `is not the node of ${assertion.said.from}`;
		return failing(assertion, `nodes is ${shown(assertion.said.nodes)}, which ${why}`);
	}
	const services = servicesAt(assertion, state);
	const { asked, unresolved } = ask(assertion, services, names, judging);
	if (asked.length === 0) return failing(assertion, unresolved[0] ?? 'there is no connection to ask for');
	const wrong = asked.flatMap((each) => {
		const why = shortfall(assertion.expect, each, reachedBy(each, services, state));
		return why === null ? [] : [{ each, why }];
	});
	const [first] = wrong;
	if (first === undefined) return holding(assertion, asked);
	const nodes = sortedBy(new Set(wrong.flatMap(({ each }) => each.nodes)), (name) => name);
	const sentence = `${assertion.said.from} to ${assertion.said.to}: ${first.why}`;
	return { ...failing(assertion, sentence), nodes, witness: witnessOf(first.each, judging) };
}

/** The rules of its own node decide what becomes of a pod's connections. */
function atClient({ from }: Assertion, names: ReadonlySet<string>, { book }: Asking): ReadonlySet<string> {
	const node = from.kind === 'pod' ? (book.pods.get(podName(from.pod))?.node ?? null) : null;
	return node === null ? names : new Set([...names].filter((name) => name === node));
}

/** Services that can have a say in what becomes of the connection. */
function servicesAt({ to }: Assertion, { services }: ClusterState): readonly Service[] {
	switch (to.kind) {
		case 'service':
			return services.filter(({ namespace, name }) => namespace === to.namespace && name === to.service);
		case 'nodeport':
			return services.filter(({ ports }) => ports.some(({ nodePort }) => nodePort === to.port));
		case 'address':
			return services.filter(({ ports }) =>
				ports.some((port) => hasAddress(port.addresses[to.family], to.address) || port.nodePort === to.port),
			);
	}
}

function hasAddress(addresses: Service['ports'][number]['addresses'][IpFamily], address: string): boolean {
	if (addresses === null) return false;
	return [addresses.clusterIp, ...addresses.externalIps, ...addresses.loadBalancerIps].includes(address);
}

function reachedBy(
	{ outcomes, family }: Asked,
	services: readonly Service[],
	{ nodes }: ClusterState,
): readonly Reached[] {
	const known = new Map<string, Endpoint>();
	for (const { ports } of services)
		for (const port of ports) for (const each of port.endpoints[family]) known.set(each.target, each);
	return outcomes.flatMap(({ fate }) => {
		if (fate.kind !== 'endpoint') return [];
		const target = socketText(fate.address, fate.port);
		const endpoint = known.get(target) ?? null;
		const zone = endpoint?.zone ?? nodes.find(({ name }) => name === endpoint?.node)?.zone ?? null;
		return [{ target, masqueraded: fate.masqueraded, endpoint, zone }];
	});
}

function holding(assertion: Assertion, asked: readonly Asked[]): CheckDraft {
	const nodes = new Set(asked.flatMap((each) => each.nodes)).size;
	const sentence = `${assertion.said.from} to ${assertion.said.to} is as expected on ${nodes === 1 ? '1 node' : `${nodes} nodes`}`;
	return { ...resultOf(assertion), status: 'ok', sentence };
}

function failing(assertion: Assertion, sentence: string): CheckDraft {
	return { ...resultOf(assertion), status: 'failed', sentence };
}

function resultOf({ name, place }: Assertion): Omit<CheckDraft, 'status' | 'sentence'> {
	return { ...bare('assertion', 'assertion', 'error'), object: name, origin: place };
}

function witnessOf({ site, connection, outcomes, options }: Asked, { read, state, symbols }: Judging): CheckWitness {
	const isReal = state.nodes.length > 0 && spoken(connection, symbols) === connection;
	const command = read === null || options === null || !isReal ? null : ['nft-gen', 'trace', ...options, ...read];
	return { node: site.here.node, connection, outcome: outcomeText(outcomes), command };
}

/** With symbols in place of addresses that only stand for something yet to be assigned. */
function spokenWitness(result: CheckDraft, symbols: Symbols): CheckDraft {
	const { witness } = result;
	if (witness === null) return result;
	const { connection, outcome } = witness;
	return {
		...result,
		witness: { ...witness, connection: spoken(connection, symbols), outcome: spoken(outcome, symbols) },
	};
}
