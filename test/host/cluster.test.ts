import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readCluster } from '../../src/host/cluster.ts';
import { intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { type Answer, kubeconfig, listing, refusal, startApiServer } from '../support/api-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { node, service, serviceCidr, slice } from '../support/objects.ts';

const OBJECTS = [service('web', ['10.96.0.20']), slice('web', []), node(1), serviceCidr('10.96.0.0/16')];

afterEach(() => vi.unstubAllEnvs());

async function serverOf(answer: (url: URL) => Answer | null) {
	const server = await startApiServer(answer);
	onTestFinished(server.close);
	return server;
}

async function fileOf(text: string): Promise<string> {
	return join(await temporaryFolder(onTestFinished, { config: text }), 'config');
}

/** Reads a cluster and gives the names of what came, or why nothing did. */
async function read(text: string, context: string | null = null, onPage: (objects: number) => void = () => {}) {
	const file = await fileOf(text);
	return readCluster({ kubeconfig: file, context }, onPage).then(
		(documents) => {
			const lists = documents.map(
				({ value }) => value as { readonly items: readonly { metadata: { name: string } }[] },
			);
			return lists.flatMap(({ items }) => items.map(({ metadata }) => metadata.name));
		},
		(error: Error) => `${error.name}: ${error.message.replace(file, 'FILE')}`,
	);
}

function manyServices(count: number) {
	return Array.from({ length: count }, (_, index) =>
		service(`s${index}`, [`10.${96 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`]),
	);
}

describe('listing a cluster', () => {
	it('asks for the four kinds and nothing else', async () => {
		const { url, asked } = await serverOf(listing(OBJECTS));
		expect(await read(kubeconfig(url))).toEqual(['web', 'web-ipv4', 'n1', 'kubernetes']);
		expect(asked.map((each) => each.url)).toEqual([
			'/api/v1/services?limit=500',
			'/apis/discovery.k8s.io/v1/endpointslices?limit=500',
			'/api/v1/nodes?limit=500',
			'/apis/networking.k8s.io/v1/servicecidrs?limit=500',
		]);
	});

	it('goes from page to page, and tells truly how many objects are there', async () => {
		const { url, asked } = await serverOf(listing([...OBJECTS, ...manyServices(1200)]));
		const told: number[] = [];
		expect(await read(kubeconfig(url), null, (objects) => told.push(objects))).toHaveLength(1204);
		expect(told).toEqual([500, 1000, 1201, 1202, 1203, 1204]);
		expect(asked[2]?.url).toBe('/api/v1/services?limit=500&continue=1000');
	});

	it('fault 6: a list that expires between its pages (410) begins anew and comes once', async () => {
		const answer = listing([...OBJECTS, ...manyServices(1200)]);
		let expired = false;
		const { url } = await serverOf((asked) => {
			if (expired || asked.searchParams.get('continue') !== '1000') return answer(asked);
			expired = true;
			return refusal(410, 'The provided continue parameter is too old');
		});
		const names = await read(kubeconfig(url));
		expect(names).toHaveLength(1204);
		expect(new Set(names).size).toBe(1204);
	});

	it('a list that expires again and again is given up', async () => {
		const answer = listing(manyServices(600));
		const { url } = await serverOf((asked) =>
			asked.searchParams.has('continue') ? refusal(410, 'too old') : answer(asked),
		);
		expect(await read(kubeconfig(url))).toBe(
			'ClusterError: listing /api/v1/services expired 4 times in a row; is the API server overloaded?',
		);
	});

	it.each([404, 403])('a cluster without ServiceCIDRs, or that hides them (%i), is read without', async (status) => {
		const answer = listing(OBJECTS);
		const { url } = await serverOf((asked) =>
			asked.pathname.endsWith('servicecidrs') ? refusal(status, 'no') : answer(asked),
		);
		expect(await read(kubeconfig(url))).toEqual(['web', 'web-ipv4', 'n1']);
	});

	it.each([
		['token', { token: 'secret' }, 'Bearer secret'],
		[
			'name and password',
			{ username: 'me', password: 'secret' },
			`Basic ${Buffer.from('me:secret').toString('base64')}`,
		],
	])('sends the %s of the kubeconfig, with every request', async (_what, user, expected) => {
		const { url, asked } = await serverOf(listing(OBJECTS));
		await read(kubeconfig(url, user));
		expect(asked.map(({ authorization }) => authorization)).toEqual(Array(4).fill(expected));
	});

	it('finds the kubeconfig in KUBECONFIG, and a server below a path', async () => {
		const answer = listing(OBJECTS);
		const { url, asked } = await serverOf((each) => answer(new URL(each.href.replace('/clusters/one/', '/'))));
		vi.stubEnv('KUBECONFIG', await fileOf(kubeconfig(`${url}/clusters/one/`)));
		expect(await readCluster({ kubeconfig: null, context: null }, () => {})).toHaveLength(4);
		expect(asked[0]?.url).toBe('/clusters/one/api/v1/services?limit=500');
	});

	it('a list that Go wrote as null is empty', async () => {
		const { url } = await serverOf(() => ({
			status: 200,
			body: { kind: 'ServiceList', apiVersion: 'v1', items: null },
		}));
		const documents = await readCluster({ kubeconfig: await fileOf(kubeconfig(url)), context: null }, () => {});
		expect(intake(documents, NEWEST_BEHAVIOUR)).toMatchObject({ problems: [], state: { services: [] } });
	});

	it('10,000 Services take seconds and little more memory than they are', async () => {
		const { url } = await serverOf(listing(manyServices(10_000)));
		expect(await read(kubeconfig(url))).toHaveLength(10_000);
	});
});

describe('a cluster that cannot be read', () => {
	it('refuses (403): says what is needed', async () => {
		const { url } = await serverOf(() =>
			refusal(403, 'services is forbidden: User "u" cannot list resource "services"'),
		);
		expect(await read(kubeconfig(url))).toBe(
			'ClusterError: the API server refused /api/v1/services with status 403: services is forbidden: User "u" cannot list resource "services"; nft-gen needs the verb list on services, endpointslices and nodes of the whole cluster',
		);
	});

	it('does not know us (401): asks for the credentials', async () => {
		const { url } = await serverOf(() => refusal(401, 'Unauthorized'));
		expect(await read(kubeconfig(url))).toMatch(
			/status 401: Unauthorized; are the credentials of the kubeconfig still good\?$/,
		);
	});

	it.each([
		['nothing but a status', { status: 500, body: '' }, 'the API server refused /api/v1/services with status 500'],
		['a page of a proxy', { status: 502, body: '<html>bad gateway' }, 'with status 502: <html>bad gateway'],
		[
			'text with status 200',
			{ status: 200, body: '<html>log in' },
			'the API server answered /api/v1/services with something that is no list',
		],
		['an object with status 200', { status: 200, body: { kind: 'Status' } }, 'with something that is no list'],
	])('answers with %s: half a cluster is none', async (_what, answer, expected) => {
		const { url } = await serverOf(() => answer);
		expect(await read(kubeconfig(url))).toContain(expected);
	});

	it('breaks off in the middle of a body', async () => {
		const { url } = await serverOf(() => null);
		expect(await read(kubeconfig(url))).toBe(`ClusterError: the API server at ${url} cannot be reached: aborted`);
	});

	it('fault 1: is not there', async () => {
		const server = await startApiServer(listing([]));
		await server.close();
		expect(await read(kubeconfig(server.url))).toMatch(/cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
		const localhost = server.url.replace('127.0.0.1', 'localhost');
		expect(await read(kubeconfig(localhost))).toMatch(/cannot be reached: connect ECONNREFUSED/);
	});

	it.each([
		['no file', null, /^ClusterError: the kubeconfig \S+ cannot be read: ENOENT/],
		['no YAML', 'a: b: c', /^ClusterError: the kubeconfig FILE cannot be read: /],
		['an empty file', '', /^ClusterError: the kubeconfig FILE /],
		['no cluster', '{}', /^ClusterError: the kubeconfig names no cluster; pass --context/],
		[
			'a server that is no URL',
			kubeconfig('not a url'),
			/^ClusterError: the kubeconfig's server "not a url" is not a URL$/,
		],
		[
			'a plain server that is not allowed',
			kubeconfig('http://127.0.0.1:1').replace('true', 'false'),
			/^ClusterError: the kubeconfig cannot be used: HTTP protocol is not allowed/,
		],
		[
			'a program for credentials that is missing',
			kubeconfig('https://127.0.0.1:1', {
				exec: { apiVersion: 'client.authentication.k8s.io/v1', command: '/no/such/program' },
			}),
			/^ClusterError: the kubeconfig cannot be used: .*no\/such\/program/,
		],
		[
			'a certificate that is missing',
			kubeconfig('https://127.0.0.1:1', { 'client-certificate': '/no/such/file' }),
			/^ClusterError: the kubeconfig cannot be used: ENOENT/,
		],
	])('bad kubeconfig: %s', async (_what, text, expected) => {
		const found =
			text === null
				? await readCluster({ kubeconfig: '/no/such/kubeconfig', context: null }, () => {}).catch(String)
				: await read(text);
		expect(found).toMatch(expected);
	});

	it('unknown context: says which there are', async () => {
		expect(await read(kubeconfig('https://127.0.0.1:1'), 'other')).toBe(
			'ClusterError: the kubeconfig has no context other; it has test',
		);
	});

	it('no kubeconfig anywhere: says what to pass', async () => {
		vi.stubEnv('KUBECONFIG', '');
		vi.stubEnv('HOME', await temporaryFolder(onTestFinished));
		await expect(readCluster({ kubeconfig: null, context: null }, () => {})).rejects.toThrow(
			'no kubeconfig was found; pass --kubeconfig, or files with -f',
		);
	});
});
