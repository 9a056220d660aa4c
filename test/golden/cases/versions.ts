import { NEWEST_RELEASE, OLDEST_RELEASE, type Release, releaseName } from '../../../src/versions/behaviour.ts';
import {
	type EndpointFields,
	endpoint,
	type ServiceFields,
	service,
	serviceCidr,
	slice,
} from '../../support/objects.ts';
import type { GoldenCase } from '../golden-case.ts';
import { CLUSTER_IP_LOCAL, LOCAL, NODE_PORT, TERMINATING } from './dual-stack.ts';

// What the releases of Kubernetes make of the same objects. The ranges are the history; a test holds that each release of a
// range gives the same rules, and the next range others.

/** From a release on, something holds. */
interface Range {
	readonly from: Release;
	readonly note: string;
	readonly problems?: readonly string[];
}

/** One thing that changed with the releases. */
export interface History {
	readonly name: string;
	readonly objects: readonly unknown[];
	/** oldest first; the first one holds from the oldest release we know */
	readonly ranges: readonly [Range, ...Range[]];
}

const ZONES: Readonly<Record<number, string>> = { 1: 'a', 2: 'a', 3: 'b', 4: 'b' };

/** An endpoint on a node, with hints as the controller writes them where they are asked for. */
function on(number: number, state: Partial<EndpointFields> = {}) {
	return endpoint({ address: `10.244.${number}.5`, node: `n${number}`, zone: ZONES[number] ?? '', ...state });
}

function hinted(number: number) {
	return on(number, { zones: [ZONES[number] ?? ''] });
}

function web(fields: ServiceFields, ...endpoints: readonly Record<string, unknown>[]) {
	return [service('web', ['10.96.0.20'], fields), slice('web', endpoints)];
}

function annotated(key: string, value: string): ServiceFields {
	return { metadata: { annotations: { [`service.kubernetes.io/${key}`]: value } } };
}

const EVERYWHERE = [hinted(1), hinted(2), hinted(3)];
const UNHINTED = [on(1), on(2), on(3)];
const INTERNAL_LOCAL = { spec: { ...NODE_PORT, ...CLUSTER_IP_LOCAL } };
const BOTH_LOCAL = { spec: { ...NODE_PORT, ...CLUSTER_IP_LOCAL, ...LOCAL } };
const EXTERNAL_IP = { externalIPs: ['198.51.100.10'], ...LOCAL };
const NOT_READ = { from: OLDEST_RELEASE, note: 'internalTrafficPolicy is not read.', problems: ['unused-policy'] };

export const HISTORIES: readonly History[] = [
	{
		name: 'internal-local',
		objects: web(INTERNAL_LOCAL, on(1), on(3)),
		ranges: [
			NOT_READ,
			{ from: 22, note: 'internalTrafficPolicy Local confines all traffic to this node, also that from outside.' },
			{ from: 24, note: 'internalTrafficPolicy Local is for the ClusterIP only.' },
		],
	},
	{
		name: 'internal-local-none-here',
		objects: web(INTERNAL_LOCAL, on(3)),
		ranges: [
			NOT_READ,
			{ from: 22, note: 'No endpoint here is as good as none: everybody is refused.' },
			{ from: 24, note: 'No endpoint here: dropped at the ClusterIP, and the NodePort leads elsewhere.' },
		],
	},
	{
		name: 'both-local',
		objects: web(BOTH_LOCAL, on(1), on(3)),
		ranges: [
			{ ...NOT_READ, note: 'externalTrafficPolicy Local switches internalTrafficPolicy off.' },
			{ from: 24, note: 'Each policy is for its own traffic.' },
		],
	},
	{
		name: 'terminating',
		objects: web({}, on(1, TERMINATING), on(3, TERMINATING)),
		ranges: [
			{ from: OLDEST_RELEASE, note: 'Endpoints that terminate are not used.' },
			{ from: 26, note: 'Endpoints that terminate serve while there is no other.' },
		],
	},
	{
		name: 'zone-hints',
		objects: web({}, ...EVERYWHERE),
		ranges: [
			{ from: OLDEST_RELEASE, note: 'Hints count for nothing without an annotation.' },
			{ from: 31, note: 'Hints alone decide.' },
		],
	},
	{
		name: 'zone-hints-topology-aware-hints',
		objects: web(annotated('topology-aware-hints', 'auto'), ...EVERYWHERE),
		ranges: [
			{ from: OLDEST_RELEASE, note: 'The feature gate TopologyAwareHints is off.' },
			{ from: 24, note: 'The annotation lets hints count.' },
		],
	},
	{
		name: 'zone-hints-topology-mode',
		objects: web(annotated('topology-mode', 'Custom'), ...EVERYWHERE),
		ranges: [
			{ from: OLDEST_RELEASE, note: 'There is no such annotation.' },
			{ from: 27, note: 'Any value of the annotation lets hints count but Disabled.' },
		],
	},
	{
		name: 'zone-hints-external-local',
		objects: web({ ...annotated('topology-aware-hints', 'auto'), spec: { ...NODE_PORT, ...LOCAL } }, ...EVERYWHERE),
		ranges: [
			{ from: OLDEST_RELEASE, note: 'externalTrafficPolicy Local switches hints off.' },
			{ from: 24, note: 'Hints narrow what pods and the node itself are sent to.' },
		],
	},
	{
		name: 'auto-without-hints',
		objects: web(annotated('topology-mode', 'Auto'), on(1), on(2), on(3), on(4)),
		ranges: [
			{ from: OLDEST_RELEASE, note: 'There is no such annotation, so that no hints are made.' },
			{ from: 27, note: 'Hints are made by the CPU of the zones.' },
		],
	},
	{
		name: 'prefer-close',
		objects: web({ spec: { trafficDistribution: 'PreferClose' } }, ...UNHINTED),
		ranges: [
			{ from: OLDEST_RELEASE, note: 'There is no trafficDistribution.', problems: ['unknown-distribution'] },
			{ from: 31, note: 'Hints are made for the zones.' },
		],
	},
	{
		name: 'prefer-same-node',
		objects: web({ spec: { trafficDistribution: 'PreferSameNode' } }, ...UNHINTED),
		ranges: [
			{ from: OLDEST_RELEASE, note: 'There is no such trafficDistribution.', problems: ['unknown-distribution'] },
			{ from: 34, note: 'Hints are made for the nodes.' },
		],
	},
	{
		name: 'node-hints-on-some',
		objects: web({}, on(1, { zones: ['a'], nodes: ['n1'] }), on(2, { zones: ['a'], nodes: ['n2'] }), hinted(3)),
		ranges: [
			{ from: OLDEST_RELEASE, note: 'Hints count for nothing without an annotation.' },
			{ from: 31, note: 'An endpoint without a hint for a node leaves the hints for zones.' },
		],
	},
	{
		name: 'node-hints-on-all',
		objects: web({}, on(1, { zones: ['a'], nodes: ['n1'] }), on(2, { zones: ['a'], nodes: ['n2'] })),
		ranges: [
			{ from: OLDEST_RELEASE, note: 'Hints count for nothing without an annotation.' },
			{ from: 31, note: 'Hints for zones count, those for nodes are not read.' },
			{ from: 34, note: 'Hints for nodes come first.' },
		],
	},
	{
		name: 'external-ip-local',
		objects: web({ spec: EXTERNAL_IP }, on(1), on(3)),
		ranges: [
			{ from: OLDEST_RELEASE, note: 'externalTrafficPolicy is for NodePort and LoadBalancer Services only.' },
			{ from: 29, note: 'externalTrafficPolicy is for external IPs of any Service.' },
		],
	},
	{
		name: 'ip-mode-proxy',
		objects: web(
			{
				spec: { ...NODE_PORT, type: 'LoadBalancer' },
				status: { loadBalancer: { ingress: [{ ip: '198.51.100.10', ipMode: 'Proxy' }] } },
			},
			on(1),
		),
		ranges: [
			{ from: OLDEST_RELEASE, note: 'Every address of a load balancer is answered on the node.' },
			{ from: 30, note: 'Traffic to an address with ipMode Proxy goes to the load balancer.' },
		],
	},
	{
		name: 'service-cidr',
		objects: [serviceCidr('10.96.0.0/16'), ...web({}, on(1))],
		ranges: [
			{ from: OLDEST_RELEASE, note: 'The Service networks are not known.' },
			{ from: 33, note: 'What no Service has in the Service networks is dropped.' },
		],
	},
	{
		name: 'reused-address',
		objects: [
			...web({}, on(1, TERMINATING)),
			slice('web', [on(1, { node: 'n2' })], { name: 'web-reused' }),
			slice('web', [on(3)], { name: 'web-third' }),
		],
		ranges: [
			{ from: OLDEST_RELEASE, note: 'Of two records for an address the one on this node wins, though it terminates.' },
			{ from: 36, note: 'Of two records for an address the one that does not terminate wins.' },
		],
	},
	{
		name: 'address-at-two-ports',
		objects: [
			...web({}, on(1)),
			slice('web', [on(1)], { name: 'web-second', ports: [{ name: 'http', protocol: 'TCP', port: 9090 }] }),
		],
		ranges: [
			{ from: OLDEST_RELEASE, note: 'One address is one endpoint: the last one that is on this node.' },
			{ from: 22, note: 'One address at two ports is two endpoints.' },
		],
	},
	{
		name: 'prefer-close-without-a-zone',
		objects: web(
			{ spec: { trafficDistribution: 'PreferClose' } },
			on(1),
			endpoint({ address: '10.244.3.5', node: 'n9' }),
		),
		ranges: [
			{ from: OLDEST_RELEASE, note: 'There is no trafficDistribution.', problems: ['unknown-distribution'] },
			{ from: 31, note: 'An endpoint whose zone nobody knows is hinted for a zone without a name.' },
			{ from: 33, note: 'An endpoint whose zone nobody knows gets no hint, so that none is used.' },
		],
	},
	{
		name: 'headless-label-on-service',
		objects: [
			...web({}, on(1)),
			service('labelled', ['10.96.0.30'], { labels: { 'service.kubernetes.io/headless': '' } }),
			slice('labelled', [on(2)]),
		],
		ranges: [
			{ from: OLDEST_RELEASE, note: 'The label hides the Service.' },
			{ from: 36, note: 'The label is asked of slices only.' },
		],
	},
];

/** The releases of each range: `1.22-1.23`, or one alone. */
function caseOf({ name, objects, ranges }: History, index: number): GoldenCase {
	const { from, note, problems } = ranges[index] ?? ranges[0];
	const last = (ranges[index + 1]?.from ?? NEWEST_RELEASE + 1) - 1;
	const [first, newest] = [releaseName(from), releaseName(last)];
	return {
		name: `${name}.${first === newest ? first : `${first}-${newest}`}`,
		note,
		objects,
		flags: ['--families', 'ipv4', ...versionFlags(from)],
		...(problems === undefined ? {} : { problems }),
	};
}

function versionFlags(release: Release): readonly string[] {
	return ['--kubernetes-version', releaseName(release)];
}

const BY_GATES: readonly GoldenCase[] = [
	{
		name: 'hinted-and-internal-local.1.23.TopologyAwareHints',
		note: 'internalTrafficPolicy Local comes before hints, which then are not asked.',
		objects: [
			service('web', ['10.96.0.20'], { ...annotated('topology-aware-hints', 'auto'), ...INTERNAL_LOCAL }),
			slice('web', [hinted(1), on(1, { address: '10.244.1.6', zones: ['b'] }), hinted(3)]),
		],
		flags: ['--families', 'ipv4', ...versionFlags(23), '--feature-gates', 'TopologyAwareHints=true'],
	},
	{
		name: 'internal-local.1.21.ServiceInternalTrafficPolicy',
		note: 'With its gate on, internalTrafficPolicy Local confines all traffic to this node.',
		objects: web(INTERNAL_LOCAL, on(1), on(3)),
		flags: ['--families', 'ipv4', ...versionFlags(21), '--feature-gates', 'ServiceInternalTrafficPolicy=true'],
	},
	{
		name: 'terminating-external-local.1.25.ProxyTerminatingEndpoints',
		note: 'With their gate on, endpoints that terminate serve while there is no other.',
		objects: web({ spec: { ...NODE_PORT, ...LOCAL } }, on(1, TERMINATING), on(3, TERMINATING)),
		flags: ['--families', 'ipv4', ...versionFlags(25), '--feature-gates', 'ProxyTerminatingEndpoints=true'],
	},
	{
		name: 'unready-without-hints.1.22.TopologyAwareHints',
		note: 'With their gate on, hints are asked of every endpoint, also of one that is not ready: it has none.',
		objects: web(annotated('topology-aware-hints', 'auto'), hinted(1), hinted(3), on(2, { ready: false })),
		flags: [
			'--families',
			'ipv4',
			...versionFlags(22),
			'--feature-gates',
			'TopologyAwareHints=true',
			'--hints',
			'as-is',
		],
	},
	{
		name: 'unready-without-hints.1.23.TopologyAwareHints',
		note: 'With their gate on, hints are asked of ready endpoints only.',
		objects: web(annotated('topology-aware-hints', 'auto'), hinted(1), hinted(3), on(2, { ready: false })),
		flags: [
			'--families',
			'ipv4',
			...versionFlags(23),
			'--feature-gates',
			'TopologyAwareHints=true',
			'--hints',
			'as-is',
		],
	},
	{
		name: 'external-ip.1.37.AllowServiceExternalIPs',
		note: 'With their gate off, external IPs get no rules.',
		objects: web({ spec: EXTERNAL_IP }, on(1)),
		flags: ['--families', 'ipv4', ...versionFlags(37), '--feature-gates', 'AllowServiceExternalIPs=false'],
	},
];

export const VERSIONS: readonly GoldenCase[] = [
	...HISTORIES.flatMap((history) => history.ranges.map((_range, index) => caseOf(history, index))),
	...BY_GATES,
];
