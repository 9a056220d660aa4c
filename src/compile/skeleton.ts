import { cidrText, type IpFamily, isSingleAddress } from '../model/ip.ts';
import type { FamilyView } from '../model/node-view.ts';
import type { Action, Chain, Hook, Match, Rule } from '../model/ruleset.ts';
import { CHAIN, MAP, SET } from './names.ts';
import { fromPod } from './pods.ts';
import { commonChain, DESTINATION, DESTINATION_PORT, NEW_CONNECTION, rule } from './rules.ts';
import type { Surroundings } from './service-port.ts';

const LOOPBACK: Readonly<Record<IpFamily, string>> = { ip: '127.0.0.0/8', ip6: '::1' };

const TO_CLUSTER_IP: Match = { kind: 'member', fields: ['daddr'], negate: false, set: SET.clusterIps };

const BEFORE_DNAT = -110;
const DNAT = -100;
const FILTER = 0;
const SOURCE_NAT = 100;

/** The chains that every table has, in the order in which a packet meets them. */
export function skeleton(
	view: FamilyView,
	surroundings: Surroundings,
	unmark: Action,
	marked: Match,
): readonly Chain[] {
	const checkSources = rule([NEW_CONNECTION], [jump(CHAIN.checkSources)]);
	const checkEndpoints = rule([NEW_CONNECTION], [jump(CHAIN.checkEndpoints)]);
	const checkNodePorts = rule([NEW_CONNECTION], [jump(CHAIN.checkNodePorts)]);
	const checkClusterIps = rule([NEW_CONNECTION], [jump(CHAIN.checkClusterIps)]);
	const dispatch = rule([], [jump(CHAIN.dispatch)]);
	return [
		baseChain('sources-prerouting', 'filter', 'prerouting', BEFORE_DNAT, [checkSources]),
		baseChain('sources-output', 'filter', 'output', BEFORE_DNAT, [checkSources]),
		baseChain('nat-prerouting', 'nat', 'prerouting', DNAT, [dispatch]),
		baseChain('nat-output', 'nat', 'output', DNAT, [dispatch]),
		baseChain('filter-input', 'filter', 'input', FILTER, [checkNodePorts, checkEndpoints]),
		baseChain('filter-forward', 'filter', 'forward', FILTER, [checkEndpoints, checkClusterIps]),
		baseChain('filter-output', 'filter', 'output', FILTER, [checkEndpoints, checkClusterIps]),
		baseChain('nat-postrouting', 'nat', 'postrouting', SOURCE_NAT, postrouting(unmark, marked)),
		commonChain(CHAIN.checkSources, [rule([], [{ kind: 'dispatch', fields: DESTINATION, map: MAP.sourceRanges }])]),
		commonChain(CHAIN.dispatch, dispatchRules(view, surroundings)),
		commonChain(CHAIN.checkEndpoints, [rule([], [{ kind: 'dispatch', fields: DESTINATION, map: MAP.noEndpoints }])]),
		commonChain(CHAIN.checkNodePorts, [
			rule(toNodePortAddress(view, 'after routing'), [
				{ kind: 'dispatch', fields: DESTINATION_PORT, map: MAP.nodePortsWithoutEndpoints },
			]),
		]),
		commonChain(CHAIN.checkClusterIps, clusterIpRules(view)),
		commonChain(CHAIN.refuse, [rule([], [{ kind: 'reject' }])]),
	];
}

function baseChain(
	name: string,
	type: Hook['type'],
	hook: Hook['hook'],
	priority: number,
	rules: readonly Rule[],
): Chain {
	return { kind: 'chain', name, comment: null, hook: { type, hook, priority }, owner: null, rules };
}

function jump(chain: string): Action {
	return { kind: 'jump', chain };
}

/** Masquerades what was marked, and pods that reach themselves, which would otherwise answer themselves directly. */
function postrouting(unmark: Action, marked: Match): readonly Rule[] {
	const hairpin: Match = { kind: 'member', fields: ['saddr', ...DESTINATION], negate: false, set: SET.hairpin };
	return [
		rule([marked], [unmark, { kind: 'masquerade' }], 'the answer has to come back through this node'),
		rule([{ kind: 'rewritten' }, hairpin], [{ kind: 'masquerade' }], 'a pod that reaches itself'),
	];
}

function dispatchRules(view: FamilyView, { mark }: Surroundings): readonly Rule[] {
	const masquerade = view.masqueradeAll
		? [rule([TO_CLUSTER_IP], [mark], 'all ClusterIP traffic is masqueraded')]
		: view.pods === null
			? []
			: [
					rule(
						[TO_CLUSTER_IP, fromPod(view.pods, true)],
						[mark],
						'from outside the pod network: answer through this node',
					),
				];
	return [
		...masquerade,
		rule([], [{ kind: 'dispatch', fields: DESTINATION, map: MAP.services }]),
		rule(toNodePortAddress(view, 'before routing'), [
			{ kind: 'dispatch', fields: DESTINATION_PORT, map: MAP.nodePorts },
		]),
	];
}

/**
 * Matches the addresses at which NodePorts answer: those listed that are the node's own, loopback never being one.
 * kube-proxy lists the interfaces' addresses once in a while; asking the routing table is the same, and always right.
 * Where every address answers, kube-proxy asks nothing more after routing, when a packet has arrived at the node anyway.
 */
function toNodePortAddress(view: FamilyView, where: 'before routing' | 'after routing'): readonly Match[] {
	const isLocal: Match = { kind: 'local', field: 'daddr' };
	const notLoopback: Match = { kind: 'compare', field: 'daddr', negate: true, value: LOOPBACK[view.family] };
	if (view.nodePortNetworks === null) return where === 'before routing' ? [isLocal, notLoopback] : [notLoopback];
	const listed: Match = { kind: 'member', fields: ['daddr'], negate: false, set: SET.nodePortIps };
	return hasWideNodePorts(view) ? [listed, isLocal, notLoopback] : [listed, isLocal];
}

/** Whether NodePorts answer in whole networks, which need another kind of set. */
export function hasWideNodePorts(view: FamilyView): boolean {
	return (view.nodePortNetworks ?? []).some((cidr) => !isSingleAddress(cidr));
}

function clusterIpRules(view: FamilyView): readonly Rule[] {
	const refuse = rule([TO_CLUSTER_IP], [{ kind: 'reject' }], 'no such port on this ClusterIP');
	const values = view.serviceCidrs.map(cidrText);
	const [first] = values;
	if (first === undefined) return [refuse];
	const inServiceCidr: Match =
		values.length === 1
			? { kind: 'compare', field: 'daddr', negate: false, value: first }
			: { kind: 'among', field: 'daddr', negate: false, values };
	return [refuse, rule([inServiceCidr], [{ kind: 'drop' }], 'no Service has this ClusterIP')];
}
