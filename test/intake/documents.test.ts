import { describe, expect, it } from 'vitest';
import { read } from '../support/intake.ts';
import { service, slice } from '../support/objects.ts';
import { pathOf } from '../support/problems.ts';

function names(...values: readonly unknown[]): readonly string[] {
	return read(...values).state.services.map(({ name }) => name);
}

const WEB = service('web', ['10.96.0.20']);
const API = service('api', ['10.96.0.21']);

describe('what counts as an object', () => {
	it('opens lists, also in lists, and typed lists whose items say nothing of themselves', () => {
		const { apiVersion: _version, kind: _kind, ...bare } = API;
		const typed = { apiVersion: 'v1', kind: 'ServiceList', items: [bare] };
		expect(names({ apiVersion: 'v1', kind: 'List', items: [WEB, typed] })).toEqual(['api', 'web']);
	});

	it.each([
		[{ kind: 'List' }],
		[{ kind: 'List', items: null }],
		[{ kind: 'ServiceList', apiVersion: 'v1', items: null }],
		[null],
		[undefined],
	])('%j is empty', (value) => {
		expect(read(value)).toMatchObject({ problems: [], passedOver: new Map() });
	});

	it.each([
		['text', 'text is not a Kubernetes object; it is left out'],
		[42, '42 is not a Kubernetes object; it is left out'],
		[[WEB], 'a list is not a Kubernetes object; it is left out'],
		[{ metadata: { name: 'x' } }, 'this object has no kind; it is left out'],
		[{ kind: 7 }, 'this object has no kind; it is left out'],
	])('%j is none, and the rest is read', (value, sentence) => {
		const found = read(value, WEB);
		expect(found.problems).toMatchObject([{ code: 'not-an-object', severity: 'error', sentence, object: null }]);
		expect(found.state.services).toHaveLength(1);
	});

	it('an empty entry of a list is told with its place', () => {
		const found = read({ kind: 'List', items: [WEB, null] });
		expect(found.problems.map(pathOf)).toEqual([['items', 1]]);
	});

	it('lists in lists without end are given up', () => {
		let nested: unknown = WEB;
		for (let depth = 0; depth < 5000; depth++) nested = { kind: 'List', items: [nested] };
		expect(read(nested, API).problems).toMatchObject([{ sentence: 'this is the 9th list in a list; it is left out' }]);
	});

	it('passes over and counts other kinds, and kinds of the same name in other groups', () => {
		const knative = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'x' } };
		const found = read(
			{ kind: 'ConfigMap' },
			{ kind: 'ConfigMap' },
			knative,
			{ kind: 'constructor' },
			{ kind: '__proto__' },
		);
		expect(found.problems).toEqual([]);
		expect(Object.fromEntries(found.passedOver)).toEqual(
			Object.fromEntries([
				['ConfigMap', 2],
				['Service.serving.knative.dev', 1],
				['constructor', 1],
				['__proto__', 1],
			]),
		);
	});

	it.each([
		['discovery.k8s.io/v1beta1', 'error', 'its apiVersion discovery.k8s.io/v1beta1 is not read; it is left out'],
		['v1', 'error', 'its apiVersion v1 is not read; it is left out'],
		[undefined, 'error', 'it has no apiVersion; it is left out'],
		[1, 'error', 'it has no apiVersion; it is left out'],
	])('a slice with the apiVersion %j is left out, and it is said', (apiVersion, severity, sentence) => {
		const found = read(WEB, { ...slice('web', []), apiVersion });
		expect(found.problems).toMatchObject([
			{ code: 'unknown-version', severity, object: 'EndpointSlice shop/web-ipv4', sentence },
		]);
		expect(found.problems[0]?.hint).toContain('write apiVersion: discovery.k8s.io/v1');
	});

	it('reads ServiceCIDRs of every version', () => {
		const cidr = (version: string, name: string, text: string) => ({
			apiVersion: `networking.k8s.io/${version}`,
			kind: 'ServiceCIDR',
			metadata: { name },
			spec: { cidrs: [text] },
		});
		const found = read(cidr('v1', 'a', '10.96.0.0/16'), cidr('v1beta1', 'b', 'fd00::/112'));
		expect(found.state.serviceCidrs).toMatchObject({ ip: [{ prefix: 16 }], ip6: [{ prefix: 112 }] });
	});
});
