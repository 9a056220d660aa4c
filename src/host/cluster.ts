import * as http from 'node:http';
import * as https from 'node:https';
import { text as readAll } from 'node:stream/consumers';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Document } from '../model/document.ts';

/** Which cluster, as kubectl would be told. */
export interface ClusterChoice {
	readonly kubeconfig: string | null;
	readonly context: string | null;
}

/** Why a cluster could not be read, in a sentence for the user. */
export class ClusterError extends Error {
	override readonly name = 'ClusterError';
}

const RESOURCES = [
	{ path: '/api/v1/services', optional: false },
	{ path: '/apis/discovery.k8s.io/v1/endpointslices', optional: false },
	{ path: '/api/v1/nodes', optional: false },
	// Served since 1.33; older clusters have no such objects.
	{ path: '/apis/networking.k8s.io/v1/servicecidrs', optional: true },
] as const;

const PAGE_SIZE = 500;
const MOST_RESTARTS = 3;
const TIMEOUT_MS = 30_000;

/**
 * Lists what decides about rules, page by page. The API library is loaded here only: it costs more than a whole rendering.
 * @param onPage is told how many objects are there so far
 * @throws ClusterError when the cluster cannot be reached or refuses
 */
export async function readCluster(
	choice: ClusterChoice,
	onPage: (objects: number) => void,
): Promise<readonly Document[]> {
	const config = await loadConfig(choice);
	const file = config.getCurrentContext() || 'cluster';
	const documents: Document[] = [];
	for (const resource of RESOURCES) {
		const pages = await listAll(config, resource.path, resource.optional, (pageObjects) =>
			onPage(documents.length + pageObjects),
		);
		for (const value of pages) documents.push({ file, index: documents.length, value });
	}
	return documents;
}

async function loadConfig(choice: ClusterChoice): Promise<KubeConfig> {
	const { KubeConfig: Config } = await import('@kubernetes/client-node');
	const config = new Config();
	try {
		if (choice.kubeconfig === null) config.loadFromDefault();
		else config.loadFromFile(choice.kubeconfig);
	} catch (cause) {
		throw new ClusterError(`the kubeconfig cannot be read: ${message(cause)}`, { cause });
	}
	if (choice.context !== null) {
		const known = config.getContexts().map((context) => context.name);
		if (!known.includes(choice.context)) {
			throw new ClusterError(`the kubeconfig has no context ${choice.context}; it has ${known.join(', ') || 'none'}`);
		}
		config.setCurrentContext(choice.context);
	}
	if (!config.getCurrentCluster()) {
		throw new ClusterError('the kubeconfig names no cluster; pass --kubeconfig or --context, or files with -f');
	}
	return config;
}

interface Page {
	readonly status: number;
	readonly body: unknown;
}

/** The pages of one resource. A list whose continue token expired (410) begins anew, so that it is never half a list. */
async function listAll(
	config: KubeConfig,
	path: string,
	optional: boolean,
	onPage: (objects: number) => void,
): Promise<readonly unknown[]> {
	for (let restarts = 0; restarts <= MOST_RESTARTS; restarts++) {
		const pages = await listOnce(config, path, optional, onPage);
		if (pages !== 'expired') return pages;
	}
	throw new ClusterError(`listing ${path} expired ${MOST_RESTARTS + 1} times in a row; is the API server overloaded?`);
}

async function listOnce(
	config: KubeConfig,
	path: string,
	optional: boolean,
	onPage: (objects: number) => void,
): Promise<readonly unknown[] | 'expired'> {
	const pages: unknown[] = [];
	let next: string | undefined = '';
	while (next !== undefined) {
		const query: string = `?limit=${PAGE_SIZE}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`;
		const { status, body } = await get(config, `${path}${query}`);
		if (status === 410) return 'expired';
		if (optional && (status === 404 || status === 403)) return [];
		if (status !== 200) throw new ClusterError(`the API server refused ${path}: ${status} ${statusMessage(body)}`);
		pages.push(body);
		onPage(pages.length * PAGE_SIZE);
		next = continueToken(body) || undefined;
	}
	return pages;
}

async function get(config: KubeConfig, path: string): Promise<Page> {
	const server = config.getCurrentCluster()?.server ?? '';
	const url = new URL(server.replace(/\/$/, '') + path);
	const options: https.RequestOptions = { method: 'GET', headers: { accept: 'application/json' }, timeout: TIMEOUT_MS };
	await config.applyToHTTPSOptions(options);
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

function continueToken(body: unknown): string {
	const token = property(property(body, 'metadata'), 'continue');
	return typeof token === 'string' ? token : '';
}

function statusMessage(body: unknown): string {
	const text = property(body, 'message') ?? body;
	return typeof text === 'string' ? text.slice(0, 300) : '';
}

function property(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null
		? Object.entries(value).find(([key]) => key === name)?.[1]
		: undefined;
}

function message(cause: unknown): string {
	return cause instanceof Error ? cause.message || String(cause) : String(cause);
}
