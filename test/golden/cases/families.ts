import { endpoint, service, slice } from '../../support/objects.ts';
import type { GoldenCase } from '../golden-case.ts';
import {
	DNS,
	DNS_TCP,
	dualService,
	HTTP,
	inBoth,
	LOAD_BALANCED,
	LOAD_BALANCER,
	LOCAL,
	NODE_PORT,
	type Place,
	slicePorts,
	slices,
} from './dual-stack.ts';

const PLACES: readonly Place[] = [{ on: 1 }, { on: 2 }];
const BOTH = slices('web', PLACES);
const IPV4_SLICE = BOTH.slice(0, 1);
const IPV6_SLICE = BOTH.slice(1);

const [IPV4 = '', IPV6 = ''] = inBoth((plan) => plan.clusterIp(20));

/** With addresses of all kinds, in both families where the Service has both. */
const ALL_KINDS = {
	spec: { ...LOAD_BALANCER, externalIPs: inBoth((plan) => plan.external(11)) },
	status: LOAD_BALANCED,
};

export const FAMILIES: readonly GoldenCase[] = [
	{
		name: 'ipv4-only',
		note: 'A single-stack Service: no rule for it in the table of the other family.',
		objects: [service('web', [IPV4]), ...IPV4_SLICE],
	},
	{
		name: 'ipv6-only',
		note: 'A single-stack Service: no rule for it in the table of the other family.',
		objects: [service('web', [IPV6]), ...IPV6_SLICE],
	},
	{
		name: 'dual',
		note: 'The same rules in both families, each with its own addresses.',
		objects: [dualService('web', 20, ALL_KINDS), ...BOTH],
	},
	{
		name: 'dual-ipv6-first',
		note: 'Which family is first makes no difference.',
		objects: [service('web', [IPV6, IPV4], ALL_KINDS), ...BOTH],
	},
	{
		name: 'ipv4-only-with-other-addresses',
		note: 'Without a ClusterIP of IPv6 it does not exist there: neither its other IPv6 addresses nor its NodePort are served.',
		objects: [service('web', [IPV4], ALL_KINDS), ...BOTH],
	},
	{
		name: 'endpoints-of-ipv4-only',
		note: 'A dual-stack Service of which only IPv4 has endpoints: IPv6 refuses.',
		objects: [dualService('web', 20, { spec: NODE_PORT }), ...IPV4_SLICE],
	},
	{
		name: 'endpoints-of-ipv6-only',
		note: 'A dual-stack Service of which only IPv6 has endpoints: IPv4 refuses.',
		objects: [dualService('web', 20, { spec: NODE_PORT }), ...IPV6_SLICE],
	},
	{
		name: 'local-endpoints-of-ipv4-only',
		note: 'Policies are decided in each family: IPv4 has an endpoint here, IPv6 only elsewhere.',
		objects: [
			dualService('web', 20, { spec: { ...NODE_PORT, ...LOCAL, internalTrafficPolicy: 'Local' } }),
			...IPV4_SLICE,
			...slices('web', [{ on: 2 }]).slice(1),
		],
	},
	{
		name: 'hints-of-ipv4-only',
		note: 'Hints count in the family that has them: IPv4 stays in the zone, IPv6 does not.',
		objects: [
			dualService('web', 20),
			...slices('web', [
				{ on: 1, zones: ['a'] },
				{ on: 3, zones: ['b'] },
			]).slice(0, 1),
			...slices('web', [{ on: 1 }, { on: 3 }]).slice(1),
		],
	},
	{
		name: 'slice-of-names',
		note: 'A slice of names instead of addresses is not for proxies: refused.',
		objects: [
			service('web', [IPV4]),
			slice('web', [endpoint({ address: 'web.example.com', node: 'n1' })], { addressType: 'FQDN' }),
		],
	},
	{
		name: 'option-ipv4',
		note: 'Only one family is asked for: there is no other table.',
		flags: ['--families', 'ipv4'],
		objects: [dualService('web', 20), ...BOTH],
	},
	{
		name: 'option-ipv6',
		note: 'Only one family is asked for: there is no other table.',
		flags: ['--families', 'ipv6'],
		objects: [dualService('web', 20), ...BOTH],
	},
	{
		name: 'ip-families-absent',
		note: 'As old API servers write it: the family is that of the only clusterIP.',
		objects: [service('web', [IPV4], { spec: { ipFamilies: undefined, clusterIPs: undefined } }), ...BOTH],
	},
	{
		name: 'ip-families-absent-two-cluster-ips',
		note: 'Without ipFamilies only clusterIP counts, as with kube-proxy, whatever clusterIPs says.',
		objects: [dualService('web', 20, { spec: { ipFamilies: undefined } }), ...BOTH],
	},
	{
		name: 'tcp-and-udp',
		note: 'TCP and UDP on one port number, in both families: four keys, each with chains of its own.',
		objects: [
			dualService('dns', 10, { spec: { ports: [DNS, DNS_TCP] } }),
			...slices('dns', PLACES, { ports: slicePorts(DNS, DNS_TCP) }),
		],
	},
	{
		name: 'tcp-only-endpoints',
		note: 'The slices serve TCP alone: UDP on the same port number is refused.',
		objects: [
			dualService('dns', 10, { spec: { ports: [DNS, DNS_TCP] } }),
			...slices('dns', PLACES, { ports: slicePorts(DNS_TCP) }),
		],
	},
	{
		name: 'sctp',
		note: 'SCTP is treated like TCP and UDP.',
		objects: [
			dualService('web', 20, { spec: { ports: [{ ...HTTP, protocol: 'SCTP' }] } }),
			...slices('web', PLACES, { ports: slicePorts({ ...HTTP, protocol: 'SCTP' }) }),
		],
	},
	{
		name: 'spellings',
		note: 'Addresses are written in their one canonical form, whatever their spelling; leading zeros are warned of.',
		objects: [service('web', ['010.96.0.20', 'FD00:0010:0096:0::0020']), ...BOTH],
		problems: ['odd-address'],
	},
];
