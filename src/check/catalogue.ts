import type { FindingSeverity } from '../model/change-set.ts';
import type { CheckLevel } from '../model/check-report.ts';

/** What is declared of a kind of check. */
export interface Check {
	readonly level: Extract<CheckLevel, 'ruleset' | 'policy'>;
	readonly severity: FindingSeverity;
	/** what holds where it finds nothing */
	readonly holds: string;
	/** what the reader can do */
	readonly hint: string;
}

/** Rules that are not as they should be are a mistake of the compiler, never of the input. */
export const OUR_MISTAKE = 'this is a mistake of nft-gen: report it with the input that shows it';

function lint(holds: string): Check {
	return { level: 'ruleset', severity: 'error', holds, hint: OUR_MISTAKE };
}

function trap(severity: FindingSeverity, holds: string, hint: string): Check {
	return { level: 'policy', severity, holds, hint };
}

const CHECKS = {
	'unreachable-rule': lint('every rule can be reached'),
	'orphan-chain': lint('a base chain leads to every chain'),
	'jump-loop': lint('no chain leads back to itself'),
	'uneven-choice': lint('endpoints of one choice get equal shares, and the shares are all there is'),
	'missing-dispatch': lint('every address of a service port is in a map, and all that rules name is there'),
	'name-too-long': lint('names fit into the 255 bytes that nft takes'),
	'comment-too-long': {
		level: 'ruleset',
		severity: 'info',
		holds: 'comments fit into the 128 bytes that nft takes',
		hint: 'the comment is cut at its end; nothing else depends on it',
	},
	'internal-local-gap': trap(
		'warn',
		'internalTrafficPolicy Local drops no traffic of Pods',
		'run an endpoint on every node with clients, as a DaemonSet does; or trafficDistribution: PreferSameNode, which goes on to other nodes',
	),
	'external-local-gap': trap(
		'warn',
		'externalTrafficPolicy Local drops no traffic from outside',
		'a load balancer that asks the healthCheckNodePort leaves these nodes out; clients of a NodePort or an external IP do not',
	),
	'unhinted-endpoint': trap(
		'warn',
		'no endpoint without hints switches the hints of others off',
		'label the node of the endpoint with topology.kubernetes.io/zone, and leave hints to the EndpointSlice controller',
	),
	'auto-without-hints': trap(
		'warn',
		'topology-mode Auto gives hints wherever it is asked for',
		'trafficDistribution: PreferSameZone has no such conditions',
	),
	'overloaded-endpoint': trap(
		'warn',
		'no preference gives an endpoint more than twice its fair share',
		'nft-gen explain --overload shows the shares, and --weight what the nodes really send',
	),
	'one-family-source-ranges': trap(
		'warn',
		'source ranges of dual-stack Services name both families',
		'write networks of both families into loadBalancerSourceRanges; ::/0 or 0.0.0.0/0 where everybody may come',
	),
	'selector-matches-nothing': trap(
		'warn',
		'every selector matches some Pod',
		'compare the selector with the labels of the Pods',
	),
	'target-port-unresolved': trap(
		'warn',
		'every target port is one that the selected Pods have',
		'give the Pods a container port of this name and protocol, or write its number as targetPort',
	),
} as const satisfies Readonly<Record<string, Check>>;

/** The ids of all lints and traps there are. They are stable and never used again for something else. */
export type CheckId = keyof typeof CHECKS;

export const CHECK_IDS: readonly CheckId[] = Object.keys(CHECKS).filter(isCheckId);

/** What is declared of a check. */
export function checkOf(id: CheckId): Check {
	return CHECKS[id];
}

/** Whether there is a check of this id. */
export function isCheckId(text: string): text is CheckId {
	return Object.hasOwn(CHECKS, text);
}
