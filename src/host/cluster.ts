import * as http from 'node:http';
import * as https from 'node:https';
import { text as readAll } from 'node:stream/consumers';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Document } from '../model/document.ts';
import { type ClusterChoice, ClusterError, loadConfig, message } from './kubeconfig.ts';

const RESOURCES = [
	{ path: '/api/v1/services', optional: false },
	{ path: '/apis/discovery.k8s.io/v1/endpointslices', optional: false },
	{ path: '/api/v1/nodes', optional: false },
	// Served since 1.33; older clusters have no such objects.
	{ path: '/apis/networking.k8s.io/v1/servicecidrs', optional: true },
] as const;

type Resource = (typeof RESOURCES)[number];

const PAGE_SIZE = 500;
const MOST_RESTARTS = 3;
const TIMEOUT_MS = 30_000;

/**
 * Lists what decides about rules, page by page.
 * @param onPage is told how many objects are there so far
 * @throws ClusterError when the cluster cannot be reached, refuses, or answers what is no list
 */
export async function readCluster(
	choice: ClusterChoice,
	onPage: (objects: number) => void,
): Promise<readonly Document[]> {
	const config = await loadConfig(choice);
	const api = await connection(config);
	const file = config.getCurrentContext() || 'cluster';
	const documents: Document[] = [];
	let objects = 0;
	for (const resource of RESOURCES) {
		const pages = await listAll(api, resource, (found) => onPage(objects + found));
		for (const value of pages) documents.push({ file, index: documents.length, value });
		objects += count(pages);
	}
	return documents;
}

/** Where the API server is and how to speak to it. */
interface Connection {
	readonly server: string;
	readonly options: https.RequestOptions;
}

async function connection(config: KubeConfig): Promise<Connection> {
	const server = (config.getCurrentCluster()?.server ?? '').replace(/\/$/, '');
	if (!URL.canParse(server)) throw new ClusterError(`the kubeconfig's server "${server}" is not a URL`);
	const options: https.RequestOptions = { method: 'GET', headers: { accept: 'application/json' }, timeout: TIMEOUT_MS };
	try {
		await config.applyToHTTPSOptions(options);
	} catch (cause) {
		throw new ClusterError(`the kubeconfig cannot be used: ${message(cause)}`, { cause });
	}
	return { server, options };
}

interface Page {
	/** Go may write an empty list as null. */
	readonly items: readonly unknown[] | null;
}

/** The pages of one resource. A list whose continue token expired (410) begins anew, so that it is never half a list. */
async function listAll(
	api: Connection,
	resource: Resource,
	onPage: (objects: number) => void,
): Promise<readonly Page[]> {
	for (let restarts = 0; restarts <= MOST_RESTARTS; restarts++) {
		const pages = await listOnce(api, resource, onPage);
		if (pages !== 'expired') return pages;
	}
	throw new ClusterError(
		`listing ${resource.path} expired ${MOST_RESTARTS + 1} times in a row; is the API server overloaded?`,
	);
}

async function listOnce(
	api: Connection,
	{ path, optional }: Resource,
	onPage: (objects: number) => void,
): Promise<readonly Page[] | 'expired'> {
	const pages: Page[] = [];
	let next = '';
	do {
		const query = `?limit=${PAGE_SIZE}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`;
		const { status, body } = await get(api, `${path}${query}`);
		if (status === 410) return 'expired';
		if (optional && (status === 404 || status === 403)) return [];
		if (status !== 200) throw new ClusterError(refusal(path, status, body));
		if (!isPage(body)) throw new ClusterError(`the API server answered ${path} with something that is no list`);
		pages.push(body);
		onPage(count(pages));
		next = continueToken(body);
	} while (next !== '');
	return pages;
}

function count(pages: readonly Page[]): number {
	return pages.reduce((sum, { items }) => sum + (items ?? []).length, 0);
}

const ADVICE: ReadonlyMap<number, string> = new Map([
	[401, '; are the credentials of the kubeconfig still good?'],
	[403, '; nft-gen needs the verb list on services, endpointslices and nodes of the whole cluster'],
]);

function refusal(path: string, status: number, body: unknown): string {
	const text = property(body, 'message') ?? body;
	const said = typeof text === 'string' && text !== '' ? `: ${text.slice(0, 300)}` : '';
	return `the API server refused ${path} with status ${status}${said}${ADVICE.get(status) ?? ''}`;
}

interface Answer {
	readonly status: number;
	readonly body: unknown;
}

async function get({ server, options }: Connection, path: string): Promise<Answer> {
	const url = new URL(server + path);
	try {
		const response = await send(url, options);
		const text = await readAll(response);
		return { status: response.statusCode ?? 0, body: parseBody(text) };
	} catch (cause) {
		throw new ClusterError(`the API server at ${url.origin} cannot be reached: ${message(cause)}`, { cause });
	}
}

function send(url: URL, options: https.RequestOptions): Promise<http.IncomingMessage> {
	const { request } = url.protocol === 'http:' ? http : https;
	return new Promise((resolve, reject) => {
		const sent = request(url, options, resolve);
		sent.on('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
		sent.on('error', reject);
		sent.end();
	});
}

function parseBody(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

function isPage(body: unknown): body is Page {
	const [kind, items] = [property(body, 'kind'), property(body, 'items')];
	return typeof kind === 'string' && kind.endsWith('List') && (Array.isArray(items) || items === null);
}

function continueToken(body: unknown): string {
	const token = property(property(body, 'metadata'), 'continue');
	return typeof token === 'string' ? token : '';
}

function property(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
		? Reflect.get(value, name)
		: undefined;
}
