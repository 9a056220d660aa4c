import { describe, expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { read } from '../support/intake.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { pathOf, told } from '../support/problems.ts';

const WEB = service('web', ['10.96.0.20']);
const API = service('api', ['10.96.0.21']);

describe('an object that is odd or hostile', () => {
	const HOSTILE = [
		'a;flush ruleset',
		'x"',
		"x'",
		'x\\',
		'$IFS',
		'`id`',
		'a\nb',
		'../../etc/passwd',
		'a b',
		'A',
		'-a',
		'a.b',
		'',
		'ä',
		'a\0',
	];

	it.each(HOSTILE)('fault 55: a Service called %j is left out, and the rest is read', (name) => {
		const found = compiled([node(1), service(name, ['10.96.0.20']), API]);
		expect(found.set('cluster-ips')).toEqual(['10.96.0.21']);
		expect(found.problems).toMatchObject([{ code: 'bad-name', severity: 'error' }]);
		expect(found.problems.map(pathOf)).toEqual([['metadata', 'name']]);
	});

	it.each(HOSTILE.filter((text) => text !== ''))('fault 55: a namespace called %j is not one', (namespace) => {
		const found = read(service('web', ['10.96.0.20'], { namespace }), API);
		expect(found.problems).toMatchObject([
			{ code: 'bad-name', sentence: 'its namespace is not one that Kubernetes allows; it is left out' },
		]);
		expect(found.state.services).toHaveLength(1);
	});

	it('fault 57: the longest names work, one letter more is refused', () => {
		const longest = 'a'.repeat(63);
		const long = (name: string) =>
			service(name, ['10.96.0.20'], {
				namespace: longest,
				spec: { ports: [{ name: longest, port: 80 }], sessionAffinity: 'ClientIP' },
			});
		const endpoints = [endpoint({ address: 'fd00:1111:2222:3333:4444:5555:6666:7777' })];
		const v6 = {
			...long(longest),
			spec: { ...(long(longest).spec as object), clusterIP: 'fd00::1', clusterIPs: ['fd00::1'], ipFamilies: ['IPv6'] },
		};
		const found = compiled([
			node(1),
			v6,
			slice(longest, endpoints, { namespace: longest, ports: [{ name: longest, port: 65535 }] }),
		]);
		const table = found.table('ip6');
		const all = [...table.chains, ...table.sets, ...table.maps].map(({ name }) => name);
		expect(Math.max(...all.map((name) => Buffer.byteLength(name)))).toBeGreaterThan(200);
		expect(all.filter((name) => Buffer.byteLength(name) > 255)).toEqual([]);
		expect(read(long(`${longest}a`)).problems).toMatchObject([{ code: 'bad-name' }]);
	});

	it('fault 59: two Services whose names begin alike stay two', () => {
		const name = 'a'.repeat(62);
		const found = compiled([node(1), service(`${name}a`, ['10.96.0.20']), service(`${name}b`, ['10.96.0.21'])]);
		expect(found.set('cluster-ips')).toHaveLength(2);
	});

	it('EC-94, fault 58: a comment of the longest names is cut to 128 bytes', () => {
		const longest = 'a'.repeat(63);
		const found = compiled([node(1), service(longest, ['10.96.0.20'], { namespace: longest })]);
		const comments = [...found.text.matchAll(/comment "([^"]*)"/g)].map(([, text = '']) => Buffer.byteLength(text));
		expect(Math.max(...comments)).toBe(128);
	});

	it('fault 60: an annotation with rules in it is ignored', () => {
		const rules = 'add rule ip nft-gen dispatch drop\n'.repeat(8000);
		const found = compiled([node(1), service('web', ['10.96.0.20'], { metadata: { annotations: { 'x/y': rules } } })]);
		expect(found.text).toBe(compiled([node(1), WEB]).text);
		expect(found.problems).toEqual([]);
	});

	it.each([
		[{ metadata: undefined }, 'metadata is missing, where an object is needed; this Service is left out'],
		[{ metadata: [] }, 'metadata is a list, not an object; this Service is left out'],
		[{ metadata: {} }, 'metadata.name is missing, where a text is needed; this Service is left out'],
		[{ metadata: { name: 5 } }, 'metadata.name is 5, not a text; this Service is left out'],
		[{ metadata: { name: 'x', labels: 'y' } }, 'metadata.labels is "y", not a map of labels; this Service is left out'],
		[
			{ metadata: { name: 'x', namespace: {} } },
			'metadata.namespace is an object, not a text; this Service is left out',
		],
	])('fault 74: %j is told in words', (changes, sentence) => {
		expect(read({ ...WEB, ...changes }, API)).toMatchObject({
			problems: [{ code: 'bad-field', object: 'Service', sentence }],
		});
	});

	it.each([
		[{ spec: undefined }, 'spec is missing, where an object is needed; the Service is left out'],
		[{ spec: 'x' }, 'spec is "x", not an object; the Service is left out'],
		[
			{ spec: { type: 'Foo' } },
			'spec.type is "Foo", not one of ClusterIP, NodePort, LoadBalancer, ExternalName; the Service is left out',
		],
		[
			{ spec: { internalTrafficPolicy: 'Nearby' } },
			'spec.internalTrafficPolicy is "Nearby", not Cluster or Local; the Service is left out',
		],
		[
			{ spec: { clusterIPs: '10.96.0.1' } },
			'spec.clusterIPs is "10.96.0.1", not a list of texts; the Service is left out',
		],
		[{ spec: { externalIPs: [1] } }, 'spec.externalIPs[0] is 1, not a text; the Service is left out'],
		[{ status: 3 }, 'status is 3, not an object; the Service is left out'],
	])('fault 74: a Service with %j is told in words', (changes, sentence) => {
		const found = read({ ...WEB, ...changes }, API);
		expect(found.problems[0]).toMatchObject({ code: 'bad-field', object: 'Service shop/web', sentence });
		expect(found.state.services).toHaveLength(1);
	});

	it.each([['ports'], ['endpoints']])('fault 74: a slice with %s null has none', (part) => {
		const found = compiled([node(1), WEB, { ...slice('web', [endpoint({ address: '10.244.1.5' })]), [part]: null }]);
		expect(found.map('no-endpoints')).toEqual({ '10.96.0.20 . tcp . 80': 'goto refuse' });
		expect(found.problems).toEqual([]);
	});

	it.each([0, -5, 86401, 1e12, 0.5])(
		'fault 73: a session affinity of %d s is clamped, with a warning',
		(timeoutSeconds) => {
			const spec = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds } } };
			const found = read(service('web', ['10.96.0.20'], { spec }));
			expect(found.state.services[0]?.affinitySeconds).toBe(timeoutSeconds < 1 ? 1 : 86400);
			expect(found.problems).toMatchObject([{ code: 'affinity-timeout-clamped', severity: 'warning' }]);
		},
	);

	it('fault 75: names of JavaScript’s own are labels and names like others', () => {
		const labels = JSON.parse('{"__proto__": {"x": 1}, "constructor": "y", "toString": "z"}') as Record<
			string,
			unknown
		>;
		const found = read(
			{ ...WEB, metadata: { name: 'constructor', namespace: 'shop', labels } },
			JSON.parse('{"kind": "Service", "__proto__": {"apiVersion": "v1"}}'),
		);
		expect(found.state.services.map(({ name }) => name)).toEqual(['constructor']);
		expect(Object.getPrototypeOf({})).not.toHaveProperty('x');
		expect(({} as Record<string, unknown>).x).toBeUndefined();
	});

	it('fault 75: a slice for the Service constructor finds it', () => {
		const found = compiled([
			node(1),
			service('constructor', ['10.96.0.20']),
			slice('constructor', [endpoint({ address: '10.244.1.5' })]),
		]);
		expect(found.map('services')).toEqual({ '10.96.0.20 . tcp . 80': 'goto cluster/shop/constructor/http' });
	});

	it('fault 76: one bad object among 10,000 is named, and the others are there', () => {
		const services = Array.from({ length: 10_000 }, (_, index) =>
			service(`s${index}`, [`10.96.${index >> 8}.${index & 255}`]),
		);
		const bad = { ...service('s77', ['10.96.0.77']), spec: 'poison' };
		const found = compiled([node(1), ...services.with(77, bad)]);
		expect(told(found.problems)).toEqual([
			'error bad-field Service shop/s77: spec is "poison", not an object; the Service is left out',
		]);
		expect(found.set('cluster-ips')).toHaveLength(9_999);
	});
});
