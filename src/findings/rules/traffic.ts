import { rules } from '../rule.ts';
import { ENDPOINTS, SURROUNDINGS, TOPOLOGY } from './causes.ts';

const CLIENT_ADDRESS = [['Service spec.externalTrafficPolicy'], ...SURROUNDINGS, ...ENDPOINTS];
const AFFINITY = [['Service spec.sessionAffinity', 'Service spec.sessionAffinityConfig']];
const POLICIES = [['Service spec.internalTrafficPolicy', 'Service spec.externalTrafficPolicy']];
const SHARES = [['Service spec.internalTrafficPolicy'], ...TOPOLOGY, ['Node']];

/** How those are treated who reach a Service. */
export const TRAFFIC_RULES = rules({
	'client-ip-hidden': {
		severity: 'warn',
		mirrors: ['client-ip-preserved'],
		waiver: null,
		hint: "logs, rate limits and allow-lists of the endpoints see a node's address now; externalTrafficPolicy: Local keeps the client's",
		causes: CLIENT_ADDRESS,
	},
	'client-ip-preserved': {
		severity: 'warn',
		mirrors: ['client-ip-hidden'],
		waiver: null,
		hint: "allow-lists of the endpoints and network policies see the client's address now",
		causes: CLIENT_ADDRESS,
	},
	'hairpin-changed': {
		severity: 'warn',
		mirrors: ['hairpin-changed'],
		waiver: null,
		hint: 'a Pod that reaches itself through its Service needs masquerading, or the answer does not come back',
		causes: [...SURROUNDINGS, ...ENDPOINTS],
	},
	'affinity-removed': {
		severity: 'warn',
		mirrors: ['affinity-added'],
		waiver: null,
		hint: 'make sure that the endpoints share their sessions',
		causes: AFFINITY,
	},
	'affinity-added': { severity: 'info', mirrors: ['affinity-removed'], waiver: null, hint: null, causes: AFFINITY },
	'affinity-timeout-changed': {
		severity: 'info',
		mirrors: ['affinity-timeout-changed'],
		waiver: null,
		hint: null,
		causes: AFFINITY,
	},
	'endpoint-share-skewed': {
		severity: 'warn',
		mirrors: ['endpoint-share-evened'],
		waiver: null,
		hint: 'spread the Pods as the traffic is spread: topologySpreadConstraints over zones or nodes',
		causes: SHARES,
	},
	'endpoint-share-evened': {
		severity: 'info',
		mirrors: ['endpoint-share-skewed'],
		waiver: null,
		hint: null,
		causes: SHARES,
	},
	'zone-hints-dropped': {
		severity: 'warn',
		mirrors: ['zone-hints-added'],
		waiver: null,
		hint: 'traffic crosses zones again, which costs money and time',
		causes: TOPOLOGY,
	},
	'zone-hints-added': {
		severity: 'info',
		mirrors: ['zone-hints-dropped'],
		waiver: null,
		hint: null,
		causes: TOPOLOGY,
	},
	'zone-hints-changed': {
		severity: 'info',
		mirrors: ['zone-hints-changed'],
		waiver: null,
		hint: null,
		causes: TOPOLOGY,
	},
	'local-policy-added': {
		severity: 'info',
		mirrors: ['local-policy-dropped'],
		waiver: null,
		hint: null,
		causes: POLICIES,
	},
	'local-policy-dropped': {
		severity: 'warn',
		mirrors: ['local-policy-added'],
		waiver: null,
		hint: 'traffic leaves the node now: make sure that the endpoints elsewhere serve it as well',
		causes: POLICIES,
	},
	'endpoints-added': { severity: 'info', mirrors: ['endpoints-removed'], waiver: null, hint: null, causes: ENDPOINTS },
	'endpoints-removed': { severity: 'info', mirrors: ['endpoints-added'], waiver: null, hint: null, causes: ENDPOINTS },
	'endpoint-port-changed': {
		severity: 'info',
		mirrors: ['endpoint-port-changed'],
		waiver: null,
		hint: null,
		causes: ENDPOINTS,
	},
	'udp-conntrack-stale': {
		severity: 'info',
		mirrors: [],
		waiver: 'endpoints that come leave no flow behind',
		hint: 'the agent forgets these flows, as kube-proxy does; rules that are loaded by hand leave them (conntrack -D)',
		causes: ENDPOINTS,
	},
});
