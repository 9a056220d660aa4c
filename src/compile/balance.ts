import type { Endpoint, Protocol } from '../model/cluster-state.ts';
import type { Action, Match, Rule } from '../model/ruleset.ts';
import { affinitySetName, endpointChainName, type Named } from './names.ts';
import { rule } from './rules.ts';

/**
 * Up to so many endpoints are a rule each; more share one map. Rules load in linear time, where each map costs the kernel
 * a walk over all others; a packet walks rules one by one, where a map is one lookup. `npm run bench -- boundary` measures both.
 */
export const MOST_ENDPOINT_RULES = 32;

/** The rules that send a connection to one of the endpoints, each as likely as the others. */
export function balance(protocol: Protocol, endpoints: readonly Endpoint[]): readonly Rule[] {
	return endpoints.length > MOST_ENDPOINT_RULES ? oneMap(protocol, endpoints) : ruleForEach(protocol, endpoints);
}

/** One rule with a map of all endpoints. */
export function oneMap(protocol: Protocol, endpoints: readonly Endpoint[]): readonly Rule[] {
	const targets = endpoints.map(({ address, port }, index) => ({ index, address, port }));
	return [rule([], [{ kind: 'spread', protocol, targets }])];
}

/** A rule for each endpoint. */
export function ruleForEach(protocol: Protocol, endpoints: readonly Endpoint[]): readonly Rule[] {
	return drawOne(endpoints, (endpoint) => [{ kind: 'dnat', protocol, target: endpoint.target }]);
}

/**
 * As `balance`, for session affinity: a client that an endpoint's set remembers goes there, any other is drawn.
 * The first endpoint that remembers a client wins, as in kube-proxy's writeServiceToEndpointJumps.
 */
export function balanceWithAffinity(named: Named, endpoints: readonly Endpoint[]): readonly Rule[] {
	const actions = (endpoint: Endpoint): readonly Action[] => [
		{ kind: 'goto', chain: endpointChainName(named, endpoint) },
	];
	const remembered = endpoints.map((endpoint) =>
		rule(
			[{ kind: 'member', fields: ['saddr'], negate: false, set: affinitySetName(named, endpoint) }],
			actions(endpoint),
		),
	);
	return [...remembered, ...drawOne(endpoints, actions)];
}

/**
 * Remembers the client, or renews its time, and sends it to the endpoint. These are two rules because the first ends
 * where it is when the set is full (65,535 clients): a client that cannot be remembered is served all the same.
 */
export function rememberAndSend(named: Named, endpoint: Endpoint): readonly Rule[] {
	return [
		rule([], [{ kind: 'remember', set: affinitySetName(named, endpoint) }]),
		rule([], [{ kind: 'dnat', protocol: named.protocol, target: endpoint.target }]),
	];
}

/** The first is drawn once in n, the second once in the n-1 cases left, and so on: all are equally likely. */
function drawOne(endpoints: readonly Endpoint[], actions: (endpoint: Endpoint) => readonly Action[]): readonly Rule[] {
	return endpoints.map((endpoint, index) => {
		const left = endpoints.length - index;
		return rule(CHANCES[left - 1] ?? [{ kind: 'chance', of: left }], actions(endpoint));
	});
}

/** One in one, one in two, and so on: the same objects for all Services, of which most have no more endpoints. */
const CHANCES: readonly (readonly Match[])[] = [
	[],
	...Array.from({ length: MOST_ENDPOINT_RULES - 1 }, (_, index): readonly Match[] => [
		{ kind: 'chance', of: index + 2 },
	]),
];
