import { expect, it, onTestFinished } from 'vitest';
import { node, service } from '../../support/objects.ts';
import type { StandIn } from '../../support/stand-in-api-server.ts';
import { serverWith, soon } from './scene.ts';

// What the stand-in API server does for others than us, such as a real kube-proxy.

const ONE = 'fieldSelector=metadata.name%3Dn2';

async function namesOf(url: string): Promise<readonly string[]> {
	const { items } = Object(await (await fetch(url)).json());
	return items.map(({ metadata }: { readonly metadata: { readonly name: string } }) => metadata.name);
}

/** The names that a watch tells, until the test ends. */
async function watched({ url }: StandIn, query: string): Promise<readonly string[]> {
	const stop = new AbortController();
	const { body } = await fetch(`${url}/api/v1/nodes?watch=1&${query}`, { signal: stop.signal });
	const names: string[] = [];
	const reading = (async () => {
		for await (const chunk of body ?? []) {
			const found = Buffer.from(chunk)
				.toString()
				.matchAll(/"name":"(n\d)"/g);
			names.push(...[...found].map(([, name]) => String(name)));
		}
	})().catch(() => {});
	onTestFinished(async () => {
		stop.abort();
		await reading;
	});
	return names;
}

it('lists and watches the object of a name, and all by other selectors', async () => {
	const server = await serverWith(node(1), node(2), node(3), service('web', ['10.96.0.20']));
	expect(await namesOf(`${server.url}/api/v1/nodes?${ONE}`)).toEqual(['n2']);
	expect(await namesOf(`${server.url}/api/v1/nodes?${ONE}&limit=1`)).toEqual(['n2']);
	const other = 'fieldSelector=spec.clusterIP%21%3DNone&labelSelector=%21service.kubernetes.io%2Fservice-proxy-name';
	expect(await namesOf(`${server.url}/api/v1/services?${other}`)).toEqual(['web']);
	const [one, all] = [await watched(server, ONE), await watched(server, 'allowWatchBookmarks=true')];
	server.put(node(1), node(2), node(3));
	server.remove(node(3), node(2));
	await soon(() => expect(all).toEqual(['n1', 'n2', 'n3', 'n3', 'n2']));
	await soon(() => expect(one).toEqual(['n2', 'n2']));
});

it('refuses a watch that wants what there is first, so that clients list', async () => {
	const server = await serverWith(node(1));
	const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
	const { status } = await fetch(`${server.url}/api/v1/nodes?${query}`);
	expect(status).toBe(422);
});
