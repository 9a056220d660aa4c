import { rules } from '../rule.ts';
import { PORTS, WHOLE_SERVICE } from './causes.ts';

const NODE_PORT = [['Service spec.type', 'Service spec.ports.nodePort'], PORTS, WHOLE_SERVICE];
const EXTERNAL = [
	['Service spec.externalIPs', 'Service spec.type', 'Service status.loadBalancer'],
	PORTS,
	WHOLE_SERVICE,
];
const RANGES = [
	[
		'Service spec.loadBalancerSourceRanges',
		'Service metadata.annotations.service.beta.kubernetes.io/load-balancer-source-ranges',
	],
];

/** Who reaches a Service from outside. */
export const EXPOSURE_RULES = rules({
	'newly-exposed-nodeport': {
		severity: 'warn',
		mirrors: ['no-longer-exposed-nodeport'],
		waiver: null,
		hint: 'whoever reaches a node reaches it now; source ranges do not hold for NodePorts',
		causes: NODE_PORT,
	},
	'no-longer-exposed-nodeport': {
		severity: 'warn',
		mirrors: ['newly-exposed-nodeport'],
		waiver: null,
		hint: 'make sure that no load balancer and no client outside uses the NodePort any more',
		causes: NODE_PORT,
	},
	'newly-exposed-external': {
		severity: 'warn',
		mirrors: ['no-longer-exposed-external'],
		waiver: null,
		hint: 'whoever reaches the address reaches it now, within its source ranges if it has any',
		causes: EXTERNAL,
	},
	'no-longer-exposed-external': {
		severity: 'warn',
		mirrors: ['newly-exposed-external'],
		waiver: null,
		hint: 'make sure that no DNS name and no client outside uses the address any more',
		causes: EXTERNAL,
	},
	'source-range-removed-all': {
		severity: 'error',
		mirrors: ['source-range-narrowed'],
		waiver: null,
		hint: 'write the networks that may use it into loadBalancerSourceRanges',
		causes: RANGES,
	},
	'source-range-widened': {
		severity: 'warn',
		mirrors: ['source-range-narrowed'],
		waiver: null,
		hint: 'make sure that the new networks may use it',
		causes: RANGES,
	},
	'source-range-narrowed': {
		severity: 'warn',
		mirrors: ['source-range-widened', 'source-range-removed-all'],
		waiver: null,
		hint: 'make sure that no client is in the networks that left',
		causes: RANGES,
	},
	'health-port-changed': {
		severity: 'warn',
		mirrors: ['health-port-changed'],
		waiver: null,
		hint: 'load balancers that ask the old port take every node for dead',
		causes: [['Service spec.healthCheckNodePort']],
	},
});
