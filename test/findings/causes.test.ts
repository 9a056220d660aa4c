import { describe, expect, it } from 'vitest';
import type { Cause } from '../../src/model/change-set.ts';
import type { Document } from '../../src/model/document.ts';
import { found, foundIn } from '../support/found.ts';
import { documents, endpoint, node, service, slice } from '../support/objects.ts';

type Objects = readonly unknown[];

const ADDRESSES = ['10.244.1.5', '10.244.2.5'];

function pod(index: number, labels: Record<string, string> = { app: 'web' }) {
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name: `web-${index}`, namespace: 'shop', labels },
		spec: { nodeName: `n${index + 1}`, containers: [{ ports: [{ name: 'web', containerPort: 8080 }] }] },
		status: { podIP: ADDRESSES[index], conditions: [{ type: 'Ready', status: 'True' }] },
	};
}

const NODES = [node(1, 'a'), node(2, 'b')];
const PODS = [pod(0), pod(1)];
const HTTP = { name: 'http', port: 80, targetPort: 'web' };

function web(spec: Record<string, unknown> = {}): Record<string, unknown> {
	return service('web', ['10.96.0.20'], { spec: { selector: { app: 'web' }, ports: [HTTP], ...spec } });
}

function causesOf(id: string, base: Objects, head: Objects): readonly Cause[] {
	const finding = found([...NODES, ...base], [...NODES, ...head]).find((each) => each.id === id);
	if (finding === undefined) throw new Error(`${id} is not found`);
	return finding.causes;
}

/** `spec.type: ClusterIP > NodePort` */
function lines(causes: readonly Cause[]): readonly string[] {
	return causes.map(({ object, path, before, after }) => `${object} ${path}: ${before} > ${after}`);
}

describe('causes', () => {
	it.each<[string, string, Objects, Objects, readonly string[]]>([
		[
			'a selector with a slip',
			'service-blackholed',
			[web(), ...PODS],
			[web({ selector: { app: 'webb' } }), ...PODS],
			['Service shop/web spec.selector.app: web > webb'],
		],
		[
			'a target port with a slip, not the Pods',
			'target-port-unresolved',
			[web(), ...PODS],
			[web({ ports: [{ ...HTTP, targetPort: 'wbe' }] }), ...PODS],
			['Service shop/web spec.ports[0].targetPort: web > wbe'],
		],
		[
			'a NodePort',
			'newly-exposed-nodeport',
			[web(), ...PODS],
			[web({ type: 'NodePort', ports: [{ ...HTTP, nodePort: 30080 }] }), ...PODS],
			['Service shop/web spec.type: ClusterIP > NodePort', 'Service shop/web spec.ports[0].nodePort: null > 30080'],
		],
		[
			'a policy that is not written any more',
			'client-ip-hidden',
			[web({ type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ ...HTTP, nodePort: 30080 }] }), ...PODS],
			[web({ type: 'NodePort', ports: [{ ...HTTP, nodePort: 30080 }] }), ...PODS],
			['Service shop/web spec.externalTrafficPolicy: Local > null'],
		],
		[
			'trafficDistribution',
			'zone-hints-added',
			[web(), ...PODS],
			[web({ trafficDistribution: 'PreferClose' }), ...PODS],
			['Service shop/web spec.trafficDistribution: null > PreferClose'],
		],
		['a Pod that is gone', 'endpoints-removed', [web(), ...PODS], [web(), pod(0)], ['Pod shop/web-1 : web-1 > null']],
		[
			'labels of a Pod',
			'endpoints-removed',
			[web(), ...PODS],
			[web(), pod(0), pod(1, { app: 'web2' })],
			['Pod shop/web-1 metadata.labels.app: web > web2'],
		],
		['a Service that is gone', 'service-removed-in-use', [web(), ...PODS], PODS, ['Service shop/web : web > null']],
		[
			'a Service that becomes headless',
			'service-removed-in-use',
			[web(), ...PODS],
			[web({ clusterIP: 'None' }), ...PODS],
			['Service shop/web spec.clusterIP: 10.96.0.20 > None'],
		],
		[
			'a port that came before another one',
			'port-added',
			[web(), ...PODS],
			[web({ ports: [{ name: 'admin', port: 81 }, HTTP] }), ...PODS],
			['Service shop/web spec.ports[0]: null > admin'],
		],
		[
			'a port that has another name now',
			'port-renamed',
			[web(), ...PODS],
			[web({ ports: [{ ...HTTP, name: 'www' }] }), ...PODS],
			['Service shop/web spec.ports[0].name: http > www'],
		],
	])('name %s', (_what, id, base, head, expected) => {
		expect(lines(causesOf(id, base, head))).toEqual(expected);
	});

	it('name an endpoint wherever its slice stands', () => {
		const endpoints = ADDRESSES.map((address, index) => endpoint({ address, node: `n${index + 1}` }));
		const one = [web(), slice('web', endpoints)];
		const split = [web(), slice('web', endpoints.slice(1), { name: 'another' })];
		expect(lines(causesOf('endpoints-removed', one, split))).toEqual([
			'EndpointSlice shop/web-ipv4 endpoints[0]: 10.244.1.5 > null',
		]);
	});

	it.each<[string, Record<string, unknown>, string]>([
		['replicas', { replicas: 1 }, 'Deployment shop/web spec.replicas: 2 > 1'],
		[
			'labels',
			{ template: { metadata: { labels: { app: 'web2' } } } },
			'Deployment shop/web spec.template.metadata.labels.app: web > web2',
		],
	])('name the %s of what makes the Pods before the Pods', (_what, spec, line) => {
		const deployment = (fields: Record<string, unknown> = {}) => ({
			apiVersion: 'apps/v1',
			kind: 'Deployment',
			metadata: { name: 'web', namespace: 'shop' },
			spec: { replicas: 2, template: { metadata: { labels: { app: 'web' } } }, ...fields },
		});
		expect(
			lines(causesOf('endpoints-removed', [web(), deployment(), ...PODS], [web(), deployment(spec), pod(0)])),
		).toEqual([line]);
	});

	it('name at most three lines', () => {
		const many = Array.from({ length: 6 }, (_, index) => endpoint({ address: `10.244.1.${index + 5}`, node: 'n1' }));
		const base = [web(), slice('web', many)];
		expect(causesOf('endpoints-removed', base, [web(), slice('web', many.slice(0, 1))])).toHaveLength(3);
	});

	it('say where the lines are on both sides', () => {
		const at = (file: string, objects: Objects): readonly Document[] =>
			documents(...NODES, { kind: 'List', items: [] }, { kind: 'List', items: objects }).map((each) => ({
				...each,
				file,
			}));
		const base = at('old.yaml', [web(), ...PODS]);
		const head = at('new.yaml', [...PODS, web({ selector: { app: 'webb' } })]);
		const [cause] = foundIn(base, head).findings[0]?.causes ?? [];
		expect(cause?.base).toEqual({ file: 'old.yaml', document: 3, path: ['items', 0, 'spec', 'selector', 'app'] });
		expect(cause?.head).toEqual({ file: 'new.yaml', document: 3, path: ['items', 2, 'spec', 'selector', 'app'] });
	});

	it('show texts of objects short and harmless', () => {
		const hostile = `x\u001b[31m\n${'y'.repeat(300)}`;
		const [cause] = causesOf('service-blackholed', [web(), ...PODS], [web({ selector: { app: hostile } }), ...PODS]);
		expect(cause?.after).toMatch(/^"[ -~]*…$/);
		expect(cause?.after?.length).toBeLessThan(110);
	});

	it('of a new key of a map quote what is no plain text', () => {
		const selector = { app: 'web', 'a\nb': 'c' };
		const [cause] = causesOf('service-blackholed', [web(), ...PODS], [web({ selector }), ...PODS]);
		expect(cause?.path).toBe('spec.selector."a\\nb"');
	});
});

describe('the hint of a Service that selects no Pod', () => {
	const hintOf = (selector: Record<string, string>) => {
		const head = [...NODES, web({ selector }), ...PODS];
		return found([...NODES, web(), ...PODS], head).find(({ id }) => id === 'service-blackholed')?.hint;
	};

	it('names the label value that is most like the one it asks for', () => {
		expect(hintOf({ app: 'webb' })).toBe('the selector app=webb matches none of 2 Pods in shop; did you mean app=web?');
	});

	it('names the label that is most like the one it asks for', () => {
		expect(hintOf({ apps: 'web' })).toBe(
			'the selector apps=web matches none of 2 Pods in shop; did you mean the label app?',
		);
	});
});
