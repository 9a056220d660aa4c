import { type Endpoint, servicePortName } from '../model/cluster-state.ts';
import { cidrText, withoutOverlaps } from '../model/ip.ts';
import type { EndpointChoice, ServicePortView } from '../model/node-view.ts';
import type { PortProgram } from '../model/program.ts';
import type { Action, Chain, Drop, Goto, MapElement, Match, NamedSet, Rule, SetElement } from '../model/ruleset.ts';
import { balance, balanceWithAffinity, rememberAndSend } from './balance.ts';
import { affinitySetName, CHAIN, chainName, endpointChainName, MAP, SET } from './names.ts';
import { FROM_THIS_NODE, rule } from './rules.ts';

/** What the rules of a service port need to know of the table they stand in. */
export interface Surroundings {
	/** the node's name */
	readonly node: string;
	/** matches packets of the cluster's pods; null when they cannot be told */
	readonly fromPod: Match | null;
	readonly mark: Action;
}

/** Compiles one service port; what it gives depends on nothing but its arguments. */
export function compileServicePort(view: ServicePortView, surroundings: Surroundings): PortProgram {
	return {
		owner: view.id,
		chains: [
			...policyChain('cluster', view, view.cluster),
			...policyChain('local', view, view.local),
			...externalChain(view, surroundings),
			...firewallChain(view),
			...(view.affinitySeconds === null ? [] : view.reachable.map((endpoint) => endpointChain(view, endpoint))),
		],
		sets: view.affinitySeconds === null ? [] : affinitySets(view, view.affinitySeconds),
		setElements: new Map([
			[SET.clusterIps, view.clusterIp === null ? [] : [{ key: [view.clusterIp] }]],
			[SET.hairpin, hairpinElements(view, surroundings.node)],
		]),
		mapElements: mapElements(view),
	};
}

/** Endpoints on this node may reach themselves, which needs masquerading. */
function hairpinElements({ reachable, protocol }: ServicePortView, node: string): readonly SetElement[] {
	return reachable
		.filter((endpoint) => endpoint.node === node)
		.map(({ address, port }) => ({ key: [address, address, protocol, String(port)] }));
}

/** The chain that holds the endpoints of one choice. */
function policyChain(
	role: 'cluster' | 'local',
	view: ServicePortView,
	choice: EndpointChoice | null,
): readonly Chain[] {
	if (choice === null) return [];
	const { endpoints, reason } = choice;
	const rules =
		view.affinitySeconds === null ? balance(view.protocol, endpoints) : balanceWithAffinity(view, endpoints);
	return [ownChain(chainName(role, view), view, rules, reason)];
}

/** With session affinity an endpoint has a chain of its own. */
function endpointChain(view: ServicePortView, endpoint: Endpoint): Chain {
	return ownChain(endpointChainName(view, endpoint), view, rememberAndSend(view, endpoint));
}

/** The chain for NodePort, external and load-balancer addresses; it exists also where only pods and the node may pass. */
function externalChain(view: ServicePortView, { fromPod, mark }: Surroundings): readonly Chain[] {
	if (view.external === null || view.external === 'refuse') return [];
	const toCluster: Goto = { kind: 'goto', chain: chainName('cluster', view) };
	if (view.external === 'cluster') {
		const hide = rule([], [mark], 'the endpoint may be on another node: hide the client');
		return [ownChain(chainName('external', view), view, [hide, rule([], [toCluster])])];
	}
	const rules = [
		...(fromPod === null ? [] : [rule([fromPod], [toCluster], 'pods are inside: Cluster policy')]),
		rule([FROM_THIS_NODE], [mark, toCluster], 'so is this node itself, whose source may be the external address'),
	];
	if (view.external === 'local') rules.push(rule([], [{ kind: 'goto', chain: chainName('local', view) }]));
	return [ownChain(chainName('external', view), view, rules)];
}

const MOST_RANGE_RULES = 32;

/** Lets the allowed sources return, drops the others. Few ranges are a rule each: a set for each Service would not scale. */
function firewallChain(view: ServicePortView): readonly Chain[] {
	if (view.sourceRanges === null || view.loadBalancerIps.length === 0) return [];
	const ranges = withoutOverlaps(view.sourceRanges).map(cidrText);
	const drop = (when: readonly Match[]) => rule(when, [{ kind: 'drop' }], 'not in loadBalancerSourceRanges');
	const name = chainName('firewall', view);
	if (ranges.length > MOST_RANGE_RULES) {
		return [ownChain(name, view, [drop([{ kind: 'among', field: 'saddr', negate: true, values: ranges }])])];
	}
	const allow = ranges.map((value) =>
		rule([{ kind: 'compare', field: 'saddr', negate: false, value }], [{ kind: 'return' }]),
	);
	return [ownChain(name, view, [...allow, drop([])])];
}

function ownChain(name: string, view: ServicePortView, rules: readonly Rule[], comment: string | null = null): Chain {
	return { kind: 'chain', name, comment, hook: null, owner: view.id, rules };
}

function affinitySets(view: ServicePortView, timeout: number): readonly NamedSet[] {
	return view.reachable.map((endpoint) => ({
		kind: 'set',
		name: affinitySetName(view, endpoint),
		comment: null,
		fields: ['saddr'],
		interval: false,
		timeout,
		elements: [],
	}));
}

/**
 * The elements that lead to the chains, or refuse and drop where there is no endpoint. An external address that is also
 * the ClusterIP counts as external, so it comes later (kube-proxy `pkg/proxy/nftables/proxier.go` syncProxyRules).
 */
function mapElements(view: ServicePortView): PortProgram['mapElements'] {
	const external = [...view.externalIps, ...view.loadBalancerIps];
	const serviceAt = (address: string) => [address, view.protocol, String(view.port)];
	const services = new Map<string, MapElement>();
	const noEndpoints = new Map<string, MapElement>();
	if (view.clusterIp !== null) {
		const key = serviceAt(view.clusterIp);
		if (view.internal === 'cluster' || view.internal === 'local') {
			services.set(view.clusterIp, element(view, key, goto(chainName(view.internal, view))));
		} else {
			noEndpoints.set(view.clusterIp, refusal(view, key, view.internal));
		}
	}
	for (const address of external) {
		const key = serviceAt(address);
		if (view.external !== 'refuse') services.set(address, element(view, key, goto(chainName('external', view))));
		if (isRefusal(view.external)) noEndpoints.set(address, refusal(view, key, view.external));
	}
	return new Map([
		[MAP.services, [...services.values()]],
		[MAP.noEndpoints, [...noEndpoints.values()]],
		...nodePortElements(view),
		[MAP.sourceRanges, sourceRangeElements(view, serviceAt)],
	]);
}

function nodePortElements(view: ServicePortView): readonly (readonly [string, readonly MapElement[]])[] {
	if (view.nodePort === null) return [];
	const key = [view.protocol, String(view.nodePort)];
	const leads = view.external === 'refuse' ? [] : [element(view, key, goto(chainName('external', view)))];
	const refuses = isRefusal(view.external) ? [refusal(view, key, view.external)] : [];
	return [
		[MAP.nodePorts, leads],
		[MAP.nodePortsWithoutEndpoints, refuses],
	];
}

function sourceRangeElements(
	view: ServicePortView,
	key: (address: string) => readonly string[],
): readonly MapElement[] {
	if (view.sourceRanges === null) return [];
	return view.loadBalancerIps.map((address) => element(view, key(address), goto(chainName('firewall', view))));
}

function element(
	view: ServicePortView,
	key: readonly string[],
	verdict: Goto | Drop,
	note: string | null = null,
): MapElement {
	return { key, verdict, owner: view.id, note };
}

function isRefusal(route: ServicePortView['external']): route is 'refuse' | 'drop' {
	return route === 'refuse' || route === 'drop';
}

/** Refused where there is no endpoint at all, dropped where the policy allows none of those there are. */
function refusal(view: ServicePortView, key: readonly string[], route: 'refuse' | 'drop'): MapElement {
	const verdict: Goto | Drop = route === 'refuse' ? goto(CHAIN.refuse) : { kind: 'drop' };
	const why = route === 'refuse' ? 'no endpoint' : 'none on this node';
	return element(view, key, verdict, `${servicePortName(view.id)}: ${why}`);
}

function goto(chain: string): Goto {
	return { kind: 'goto', chain };
}
