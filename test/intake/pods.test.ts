import { describe, expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

type Fields = Record<string, unknown>;

const SELECTOR = { selector: { app: 'web' } };
const READY = { conditions: [{ type: 'Ready', status: 'True' }] };

interface PodFields {
	readonly labels?: Fields;
	readonly metadata?: Fields;
	readonly spec?: Fields;
	readonly status?: Fields;
}

/** A ready Pod `shop/NAME` of the app `web` on n1. */
function pod(name: string, ip: string, fields: PodFields = {}): Fields {
	const labels = fields.labels ?? { app: 'web', tier: 'front' };
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name, namespace: 'shop', labels, ...fields.metadata },
		spec: { nodeName: 'n1', containers: [{ name: 'main' }], ...fields.spec },
		status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], ...READY, ...fields.status },
	};
}

/** The endpoints of the Service web, with its `http` port at target port 8080, made of Pods. */
function targets(pods: readonly unknown[], spec: Fields = {}, others: readonly unknown[] = [node(1), node(2)]) {
	const web = service('web', ['10.96.0.20', 'fd00:10:96::20'], { spec: { ...SELECTOR, ...spec } });
	const found = compiled([...others, web, ...pods]);
	const chain = (family: 'ip' | 'ip6') => found.chain('cluster/shop/web/http', family) ?? [];
	return [...chain('ip'), ...chain('ip6')].map((rule) => rule.split(' ').at(-1));
}

describe('a Service without slices gets its endpoints from its Pods', () => {
	it('those of its namespace that have all labels of its selector', () => {
		const other = pod('other', '10.244.1.7', { labels: { app: 'other' } });
		const elsewhere = pod('elsewhere', '10.244.1.8', { metadata: { namespace: 'lab' } });
		expect(targets([pod('a', '10.244.1.5'), pod('b', '10.244.1.6'), other, elsewhere])).toEqual([
			'10.244.1.5:8080',
			'10.244.1.6:8080',
		]);
		expect(targets([pod('a', '10.244.1.5')], { selector: { app: 'web', tier: 'back' } })).toEqual([]);
	});

	it('in both families', () => {
		const podIPs = [{ ip: '10.244.1.5' }, { ip: 'fd00:10:244:1::5' }];
		expect(targets([pod('a', '10.244.1.5', { status: { podIPs } })])).toEqual([
			'10.244.1.5:8080',
			'[fd00:10:244:1::5]:8080',
		]);
	});

	it('in no family that the Service has not', () => {
		const annotations = { 'service.kubernetes.io/topology-mode': 'Auto' };
		const web = service('web', ['10.96.0.20'], { spec: SELECTOR, metadata: { annotations } });
		const dual = pod('a', '10.244.1.5', { status: { podIPs: [{ ip: '10.244.1.5' }, { ip: 'fd00:10:244:1::5' }] } });
		const told = compiled([node(1), web, dual]).problems.filter(({ code }) => code === 'auto-without-hints');
		expect(told.map(({ sentence }) => sentence)).toEqual([expect.stringContaining('no hints for IPv4')]);
	});

	it('but none without a selector, and none beside a slice', () => {
		expect(targets([pod('a', '10.244.1.5')], { selector: undefined })).toEqual([]);
		const byHand = slice('web', [endpoint({ address: '10.244.2.9', node: 'n2' })]);
		expect(targets([pod('a', '10.244.1.5'), byHand])).toEqual(['10.244.2.9:8080']);
	});

	it.each([
		['finished', { status: { phase: 'Succeeded' } }],
		['failed', { status: { phase: 'Failed' } }],
		['without an address', { status: { podIP: undefined, podIPs: undefined } }],
		['not ready', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }],
		['on a node that is not there', { spec: { nodeName: 'gone' } }],
		['at a loopback address', { status: { podIP: '127.0.0.1', podIPs: [{ ip: '127.0.0.1' }] } }],
	])('a Pod that is %s is none', (_, fields) => {
		expect(targets([pod('a', '10.244.1.5', fields)])).toEqual([]);
	});

	it('publishNotReadyAddresses makes every Pod ready, also on a node that is not there', () => {
		const spec = { publishNotReadyAddresses: true };
		const notReady = pod('a', '10.244.1.5', { status: { conditions: [] }, spec: { nodeName: 'gone' } });
		expect(targets([notReady], spec)).toEqual(['10.244.1.5:8080']);
	});

	it('without Nodes in the input a Pod is where it says', () => {
		expect(targets([pod('a', '10.244.1.5', { spec: { nodeName: 'n9' } })], {}, [])).toEqual(['10.244.1.5:8080']);
	});

	it('a Pod that terminates and is still ready serves where no other does', () => {
		const leaving = pod('a', '10.244.1.5', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
		expect(targets([leaving])).toEqual(['10.244.1.5:8080']);
		expect(targets([leaving, pod('b', '10.244.1.6')])).toEqual(['10.244.1.6:8080']);
	});

	it('named target ports are those of each Pod’s containers', () => {
		const listening = (name: string, ip: string, containerPort: number) =>
			pod(name, ip, { spec: { containers: [{ ports: [{ name: 'web', containerPort }] }] } });
		const sidecar = {
			containers: [{}],
			initContainers: [{ restartPolicy: 'Always', ports: [{ name: 'web', containerPort: 7000 }] }],
		};
		const pods = [
			listening('a', '10.244.1.5', 8000),
			listening('b', '10.244.1.6', 9000),
			pod('c', '10.244.1.7'),
			pod('d', '10.244.1.8', { spec: sidecar }),
		];
		const ports = [{ name: 'http', port: 80, targetPort: 'web' }];
		expect(targets(pods, { ports })).toEqual(['10.244.1.5:8000', '10.244.1.6:9000', '10.244.1.8:7000']);
		expect(targets(pods.slice(0, 1), { ports: [{ name: 'http', port: 80 }] })).toEqual(['10.244.1.5:80']);
	});

	it('knows their node and its zone, for Local policies and for hints', () => {
		const web = service('web', ['10.96.0.20'], { spec: { ...SELECTOR, trafficDistribution: 'PreferSameZone' } });
		const pods = [pod('a', '10.244.1.5'), pod('b', '10.244.2.5', { spec: { nodeName: 'n2' } })];
		const found = compiled([node(1, 'a'), node(2, 'b'), web, ...pods]);
		expect(found.chain('cluster/shop/web/http')).toEqual(['meta l4proto tcp dnat to 10.244.1.5:8080']);
		expect(found.set('hairpin')).toEqual(['10.244.1.5 . 10.244.1.5 . tcp . 8080']);
	});
});
