import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { RESOURCES } from '../../src/host/watch/resources.ts';
import { nftGen } from '../support/cli.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { describeControlPlane } from '../support/with-control-plane.ts';
import { allowedByRole, BASE, named } from './manifests.ts';

// The real authorizer, asked by the agent's own ServiceAccount with a token like a Pod's.

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'] as const;

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

const groupList = z.object({
	groups: z.array(z.object({ name: z.string(), preferredVersion: z.object({ groupVersion: z.string() }) })),
});
const resourceList = z.object({ resources: z.array(z.object({ name: z.string() })) });

describeControlPlane('the real authorizer', (plane) => {
	let token = '';
	const asAgent = (method: string, path: string, body?: unknown) =>
		plane().ask(method, path, { token, ...(body === undefined ? {} : { body }) });
	const make = async (path: string, body: unknown) => {
		const { status, text } = await plane().ask('POST', path, { body });
		expect(status, text).toBe(201);
	};

	beforeAll(async () => {
		const { kubectl } = plane();
		await kubectl(['apply', '--server-side', '-k', BASE]);
		token = await kubectl(['-n', 'kube-system', 'create', 'token', 'nft-gen']);
		await kubectl(['create', 'namespace', 'shop']);
		await make('/api/v1/nodes', node(1));
		await make('/api/v1/namespaces/shop/services', service('web', ['10.96.0.20']));
		const web = slice('web', [endpoint({ address: '10.244.1.5', node: 'n1' })]);
		await make('/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices', web);
	});

	it.each(RESOURCES.map(({ name, path }) => [name, path]))('lets the agent list and watch %s', async (_, path) => {
		expect((await asAgent('GET', `${path}?limit=1`)).status).toBe(200);
		const watch = await asAgent('GET', `${path}?watch=1&allowWatchBookmarks=true&timeoutSeconds=1`);
		expect(watch.status).toBe(200);
	});

	it('lets nft-gen read the cluster with it', async () => {
		const kubeconfig = await plane().kubeconfigFor(token);
		const { code, stdout, stderr } = await nftGen(['render', '--node', 'n1', '--kubeconfig', kubeconfig]);
		expect(code, stderr).toBe(0);
		expect(stdout).toContain('10.96.0.20 . tcp . 80 : goto cluster/shop/web/http');
	});

	it('lets the agent write Events on Services, in both groups', async () => {
		const regarding = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' };
		const metadata = { namespace: 'shop', generateName: 'web-' };
		const core = {
			...{ apiVersion: 'v1', kind: 'Event', metadata, involvedObject: regarding },
			...{ type: 'Warning', reason: 'Quarantined', message: 'tried' },
		};
		const events = {
			...{ apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata, regarding, type: 'Warning', action: 'Quarantine' },
			...{ reason: 'Quarantined', note: 'tried', eventTime: new Date().toISOString().replace('Z', '000Z') },
			...{ reportingController: 'nft-gen', reportingInstance: 'n1' },
		};
		for (const [group, event] of [['/api/v1', core] as const, ['/apis/events.k8s.io/v1', events] as const]) {
			const made = await asAgent('POST', `${group}/namespaces/shop/events`, event);
			expect(made.status, made.text).toBe(201);
			const { name } = z.object({ metadata: z.object({ name: z.string() }) }).parse(JSON.parse(made.text)).metadata;
			const path = `${group}/namespaces/shop/events/${name}`;
			const options = { token, type: 'application/merge-patch+json', body: { metadata: { labels: { n: '2' } } } };
			expect((await plane().ask('PATCH', path, options)).status).toBe(200);
		}
	});

	it.each([
		['GET', '/api/v1/secrets', undefined],
		['GET', '/api/v1/namespaces/kube-system/secrets', undefined],
		['GET', '/api/v1/pods', undefined],
		['GET', '/api/v1/nodes/n1', undefined],
		['GET', '/api/v1/namespaces/shop/services/web', undefined],
		['PUT', '/api/v1/namespaces/shop/services/web', service('web', ['10.96.0.20'])],
		['DELETE', '/api/v1/namespaces/shop/services/web', undefined],
		['POST', '/api/v1/namespaces/kube-system/pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }],
		['POST', '/api/v1/namespaces/kube-system/serviceaccounts/nft-gen/token', {}],
		['GET', '/api/v1/namespaces/shop/events', undefined],
	])('refuses %s %s', async (method, path, body) => {
		expect((await asAgent(method, path, body)).status).toBe(403);
	});

	it('allows what the ClusterRole says beyond what every account may, of everything the API server serves', async () => {
		const { kubectl } = plane();
		await kubectl(['-n', 'kube-system', 'create', 'serviceaccount', 'anybody']);
		const anybody = new Set(await allowedTo(await kubectl(['-n', 'kube-system', 'create', 'token', 'anybody'])));
		const more = (await allowedTo(token)).filter((each) => !anybody.has(each));
		expect(more.sort()).toEqual(allowedByRole());
		expect([...anybody].filter((each) => /services|nodes|slices|cidrs|events|secrets|pods/.test(each))).toEqual([]);
	});

	async function allowedTo(whose: string): Promise<readonly string[]> {
		const allowed: string[] = [];
		for (const { group, resource, subresource } of await servedResources()) {
			for (const verb of VERBS) {
				const spec = { resourceAttributes: { verb, group, resource, subresource, version: '*' } };
				const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
				const { text } = await plane().ask('POST', REVIEWS, { token: whose, body });
				const { status } = z.object({ status: z.object({ allowed: z.boolean() }) }).parse(JSON.parse(text));
				const name = named(resource, group);
				if (status.allowed) allowed.push(`${verb} ${subresource === '' ? name : `${name}/${subresource}`}`);
			}
		}
		return allowed;
	}

	async function servedResources() {
		const read = async (path: string) => JSON.parse((await plane().ask('GET', path)).text);
		const { groups } = groupList.parse(await read('/apis'));
		const paths = groups.map(({ name, preferredVersion }) => [name, `/apis/${preferredVersion.groupVersion}`] as const);
		const served = [];
		for (const [group, path] of [['', '/api/v1'] as const, ...paths]) {
			for (const { name } of resourceList.parse(await read(path)).resources) {
				const [resource = '', subresource = ''] = name.split('/');
				served.push({ group, resource, subresource });
			}
		}
		return served;
	}
});
