import { rules } from '../rule.ts';
import { ENDPOINTS, PORTS, WHOLE_SERVICE } from './causes.ts';

const POLICIES = ['Service spec.externalTrafficPolicy', 'Service spec.internalTrafficPolicy'];
const ADDRESSES = ['Service spec.clusterIP', 'Service spec.clusterIPs'];
const FAMILIES = ['Service spec.ipFamilies', 'Service spec.ipFamilyPolicy'];
const CLAIMS = ['Service spec.ports.nodePort', 'Service spec.externalIPs', ...ADDRESSES, 'Service status.loadBalancer'];

/** Whether clients reach something. */
export const REACH_RULES = rules({
	'service-blackholed': {
		severity: 'error',
		mirrors: ['service-recovered'],
		waiver: null,
		hint: 'compare the selector and the target port with the labels and ports of the Pods',
		causes: ENDPOINTS,
	},
	'local-policy-blackhole': {
		severity: 'error',
		mirrors: ['service-recovered'],
		waiver: null,
		hint: 'run an endpoint on each of these nodes, or set the policy to Cluster',
		causes: [POLICIES, ...ENDPOINTS],
	},
	'service-recovered': {
		severity: 'info',
		mirrors: ['service-blackholed', 'local-policy-blackhole'],
		waiver: null,
		hint: null,
		causes: [POLICIES, ...ENDPOINTS],
	},
	'service-removed-in-use': {
		severity: 'error',
		mirrors: ['service-added'],
		waiver: null,
		hint: 'make sure that no client uses it any more',
		causes: [WHOLE_SERVICE, ['Service spec.type', 'Service spec.clusterIP'], ['Service metadata.labels']],
	},
	'service-removed': {
		severity: 'info',
		mirrors: ['service-added'],
		waiver: null,
		hint: null,
		causes: [WHOLE_SERVICE, ['Service spec.type', 'Service spec.clusterIP'], ['Service metadata.labels']],
	},
	'service-added': {
		severity: 'info',
		mirrors: ['service-removed-in-use', 'service-removed'],
		waiver: null,
		hint: null,
		causes: [WHOLE_SERVICE, ['Service spec.type', 'Service spec.clusterIP'], ['Service metadata.labels']],
	},
	'port-removed': {
		severity: 'error',
		mirrors: ['port-added'],
		waiver: null,
		hint: 'make sure that no client uses the port any more, or keep it beside the new one for a while',
		causes: [PORTS],
	},
	'port-added': { severity: 'info', mirrors: ['port-removed'], waiver: null, hint: null, causes: [PORTS] },
	'port-renamed': {
		severity: 'info',
		mirrors: ['port-renamed'],
		waiver: null,
		hint: null,
		causes: [['Service spec.ports.name'], PORTS],
	},
	'target-port-unresolved': {
		severity: 'warn',
		mirrors: ['target-port-resolved', 'port-removed', 'service-removed', 'service-removed-in-use'],
		waiver: null,
		hint: 'give the Pods a container port of this name and protocol, or write its number as targetPort',
		causes: [PORTS, ...ENDPOINTS],
	},
	'target-port-resolved': {
		severity: 'info',
		mirrors: ['target-port-unresolved'],
		waiver: null,
		hint: null,
		causes: [PORTS, ...ENDPOINTS],
	},
	'vip-changed': {
		severity: 'warn',
		mirrors: ['vip-changed'],
		waiver: null,
		hint: 'clients that keep the old address, as environment variables and long-lived DNS caches do, have to be restarted',
		causes: [ADDRESSES, FAMILIES],
	},
	'family-dropped': {
		severity: 'warn',
		mirrors: ['family-added'],
		waiver: null,
		hint: 'make sure that no client has addresses of this family only',
		causes: [FAMILIES, ADDRESSES],
	},
	'family-added': {
		severity: 'info',
		mirrors: ['family-dropped'],
		waiver: null,
		hint: null,
		causes: [FAMILIES, ADDRESSES],
	},
	'vip-conflict': {
		severity: 'error',
		mirrors: ['conflict-resolved'],
		waiver: null,
		hint: 'give one of the Services another address or port',
		causes: [CLAIMS, WHOLE_SERVICE],
	},
	'nodeport-conflict': {
		severity: 'error',
		mirrors: ['conflict-resolved'],
		waiver: null,
		hint: 'give one of the Services another NodePort',
		causes: [CLAIMS, WHOLE_SERVICE],
	},
	'address-hijack': {
		severity: 'warn',
		mirrors: ['conflict-resolved'],
		waiver: null,
		hint: 'CVE-2020-8554: make sure that whoever wrote the address may do so',
		causes: [CLAIMS, WHOLE_SERVICE],
	},
	'conflict-resolved': {
		severity: 'info',
		mirrors: ['vip-conflict', 'nodeport-conflict', 'address-hijack'],
		waiver: null,
		hint: null,
		causes: [CLAIMS, WHOLE_SERVICE],
	},
});
