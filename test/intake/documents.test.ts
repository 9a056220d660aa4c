import { describe, expect, it } from 'vitest';
import { read, readFrom } from '../support/intake.ts';
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

	it.each([
		['values.yaml', { replicas: 3, service: { type: 'ClusterIP' } }],
		['package.json', { name: 'shop', version: '1.0.0' }],
		['empty.json', {}],
	])('%s is no manifest, which is said, and no error', (_file, value) => {
		const found = read(value, WEB);
		expect(found.problems).toMatchObject([
			{
				code: 'not-an-object',
				severity: 'warning',
				sentence: 'this is no Kubernetes object, it has no apiVersion, kind or metadata; it is passed over',
				object: null,
			},
		]);
		expect(found.state.services).toHaveLength(1);
	});

	it('an entry of a list that says nothing of itself is an error all the same', () => {
		expect(read({ kind: 'List', items: [{ x: 1 }] }).problems).toMatchObject([
			{ severity: 'error', sentence: 'this object has no kind; it is left out' },
		]);
	});

	it("what Helm's braces make of a name is told as what it is", () => {
		// As YAML reads `name: {{ .Values.name }}`.
		const name = { '[object Object]': null };
		expect(read({ ...WEB, metadata: { name } }).problems).toMatchObject([
			{
				sentence: 'metadata.name is an object, not a text; this Service is left out',
				hint: 'where it is {{ … }}, the file is a template: pass what "helm template" prints',
			},
		]);
	});

	it.each([
		['namespace', { namespace: 'shop' }, 'what it says of namespace is'],
		['patches and a prefix', { namePrefix: 'eu-', patches: [{}] }, 'what it says of namePrefix, patches is'],
	])('a kustomization that changes objects, by %s, is told: kustomize does not run here', (_what, fields, start) => {
		const kind = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' };
		const named = { ...kind, resources: ['web.yaml'], ...fields };
		const { apiVersion: _version, kind: _kind, ...bare } = named;
		const told = [
			{
				code: 'not-kustomized',
				severity: 'warning',
				sentence: `${start} not done: objects are read as their files have them`,
				hint: 'pass what "kubectl kustomize FOLDER" prints',
			},
		];
		expect(read(named, WEB).problems).toMatchObject(told);
		expect(readFrom('base/kustomization.yaml', bare).problems).toMatchObject(told);
	});

	it.each([
		[{ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: ['web.yaml'] }],
		[{ apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', patches: [{}], targetNamespace: 'shop' }],
	])('another kustomization is passed over: %j', (value) => {
		expect(read(value).problems).toEqual([]);
	});

	it('a kustomization without a kind and a chart are known by their file', () => {
		expect(readFrom('kustomization.yaml', { resources: ['web.yaml'] })).toMatchObject({
			problems: [],
			passedOver: new Map([['Kustomization', 1]]),
		});
		expect(readFrom('shop/Chart.yaml', { apiVersion: 'v2', name: 'shop', version: '1.0.0' }).problems).toMatchObject([
			{
				code: 'not-rendered',
				severity: 'warning',
				sentence: 'this is a chart of Helm, whose templates are not filled in here; it is passed over',
				hint: 'pass what "helm template FOLDER" prints',
			},
		]);
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
