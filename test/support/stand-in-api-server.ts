import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import type { ResourceName } from '../../src/host/watch/resources.ts';
import { refusal } from './api-server.ts';
import { createPager } from './stand-in-lists.ts';
import { GOOD_MANNERS, type Manners } from './stand-in-manners.ts';
import { type ApiObject, createStore, SERVED } from './stand-in-store.ts';
import { createWatchers, errorLine, type WatchEnd } from './stand-in-watchers.ts';

/**
 * A stand-in for the API server: it holds Services, EndpointSlices, Nodes, ServiceCIDRs and Pods, lists them page by page
 * and lets them be watched, and can be made to fail in every way a real one does, at will.
 *
 *     const server = await startStandIn();
 *     onTestFinished(server.close);
 *     server.put(service('web', ['10.96.0.20']), node(1));        // objects of test/support/objects.ts
 *     const config = kubeconfig(server.url);                      // of test/support/api-server.ts
 *     …
 *     server.put(service('web', ['10.96.0.21']));                 // watchers are told at once
 *     server.remove(service('web', []));                          // by kind, namespace and name
 *
 * Every change has the next resourceVersion. A watch goes on from any version since the last `compact()`; from an older
 * one it is told 410, by status or, with `goneAs: 'event'`, by an ERROR event. All pages of a list are of one moment.
 *
 * Faults that happen once are calls: `refuse(429, { retryAfter: 20 })`, `endWatches('abruptly')`, `error('services', 500)`,
 * `line('services', '{"type":…')`, `compact()`. Faults that last are manners, which `behave` changes until it changes
 * them again: `behave({ frozen: true })`. `requests` tells what was asked and when, POSTs with their bodies; those are
 * answered with 201 and kept nowhere else.
 */
export interface StandIn {
	readonly url: string;
	/** Creates or replaces objects; gives the last resourceVersion. */
	readonly put: (...objects: readonly ApiObject[]) => string;
	/** Deletes objects, of which kind, namespace and name count. */
	readonly remove: (...objects: readonly ApiObject[]) => string;
	readonly objects: (resource: ResourceName) => readonly ApiObject[];
	/** Forgets all history: who wants to go on from before now is told 410, and so is who is in the middle of a list. */
	readonly compact: () => void;
	/** Sends a BOOKMARK to all watchers. */
	readonly bookmark: () => void;
	/** Answers the next requests with this status; those of one verb or resource, if said. */
	readonly refuse: (status: number, about?: RefusalFields) => void;
	readonly endWatches: (how: WatchEnd) => void;
	/** Sends an ERROR event to the watchers of a resource; 410 by default. */
	readonly error: (resource: ResourceName, code?: number) => void;
	/** Sends any line to the watchers of a resource, such as an event out of order. */
	readonly line: (resource: ResourceName, line: string | ApiObject) => void;
	readonly behave: (changes: Partial<Manners>) => void;
	/** How many watches are open. */
	readonly watching: (resource?: ResourceName) => number;
	readonly requests: readonly AskedRequest[];
	readonly close: () => Promise<void>;
}

export interface RefusalFields {
	/** how often; once by default */
	readonly times?: number;
	readonly verb?: AskedRequest['verb'];
	readonly resource?: ResourceName;
	/** in seconds */
	readonly retryAfter?: number;
	readonly message?: string;
}

export interface AskedRequest {
	/** by performance.now() */
	readonly at: number;
	readonly verb: 'list' | 'watch' | 'post';
	/** null for what is not served */
	readonly resource: ResourceName | null;
	readonly url: string;
	readonly authorization: string | undefined;
	/** of a POST, as text */
	readonly body: string;
}

export interface StandInPlace {
	readonly host?: string;
	/** serves TLS with these, as PEM */
	readonly tls?: { readonly key: string; readonly cert: string };
}

/** Starts a stand-in on a free port of this machine. */
export async function startStandIn({ host = '127.0.0.1', tls }: StandInPlace = {}): Promise<StandIn> {
	let manners = GOOD_MANNERS;
	const store = createStore();
	const pages = createPager(store);
	const watchers = createWatchers(store, () => manners);
	const requests: AskedRequest[] = [];
	const refusals: { status: number; about: RefusalFields; left: number }[] = [];
	let thaw: (() => void)[] = [];

	const refusalFor = (asked: AskedRequest) => {
		const found = refusals.find(
			({ about, left }) =>
				left > 0 && (about.verb ?? asked.verb) === asked.verb && (about.resource ?? asked.resource) === asked.resource,
		);
		if (found !== undefined) found.left -= 1;
		return found;
	};

	const answer = async (request: IncomingMessage, response: ServerResponse) => {
		const url = new URL(request.url ?? '/', 'http://api');
		const asked = await readRequest(request, url);
		requests.push(asked);
		if (manners.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, manners.delayMs));
		if (manners.frozen) await new Promise<void>((resolve) => thaw.push(resolve));
		if (response.destroyed) return;
		const refused = refusalFor(asked);
		const resource = SERVED.find(({ name }) => name === asked.resource);
		if (refused !== undefined) {
			const { retryAfter, message = 'refused by the stand-in' } = refused.about;
			if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
			respond(response, refusal(refused.status, message));
		} else if (manners.token !== null && asked.authorization !== `Bearer ${manners.token}`) {
			respond(response, refusal(401, 'Unauthorized'));
		} else if (asked.verb === 'post') respond(response, { status: 201, body: asked.body });
		else if (resource === undefined || manners.absent.includes(resource.name)) {
			respond(response, refusal(404, 'the server could not find the requested resource'));
		} else if (asked.verb === 'list') respond(response, pages(resource, url.searchParams, manners.shuffled));
		else beginWatch(resource.name, url.searchParams, response);
	};

	const beginWatch = (resource: ResourceName, query: URLSearchParams, response: ServerResponse) => {
		const from = Number(query.get('resourceVersion') ?? store.version());
		if (from < store.floor() && manners.goneAs === 'status')
			respond(response, refusal(410, 'too old resource version'));
		else watchers.begin(resource, from, Number(query.get('timeoutSeconds')) || 1800, response);
	};

	const server = tls === undefined ? createServer() : createTlsServer(tls);
	server.on('connection', (socket: Socket) => {
		if (manners.down) socket.resetAndDestroy();
	});
	server.on('request', (request: IncomingMessage, response: ServerResponse) => {
		answer(request, response).catch((error: unknown) => response.destroy(error as Error));
	});
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	const { port } = server.address() as AddressInfo;

	const change =
		(how: (object: ApiObject) => string) =>
		(...objects: readonly ApiObject[]) => {
			for (const object of objects) how(object);
			watchers.pump();
			return String(store.version());
		};

	return {
		url: `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
		put: change(store.put),
		remove: change(store.remove),
		objects: store.objects,
		compact: store.compact,
		bookmark: watchers.bookmark,
		refuse: (status, about = {}) => refusals.push({ status, about, left: about.times ?? 1 }),
		endWatches: watchers.end,
		error: (resource, code = 410) =>
			watchers.line(resource, errorLine(code, code === 410 ? 'Expired' : 'InternalError', 'said by the stand-in')),
		line: (resource, line) => watchers.line(resource, typeof line === 'string' ? line : JSON.stringify(line)),
		behave: (changes) => {
			manners = { ...manners, ...changes };
			if (manners.down) server.closeAllConnections();
			if (manners.frozen || manners.down) return;
			for (const wake of thaw) wake();
			thaw = [];
			watchers.pump();
		},
		watching: watchers.open,
		requests,
		close: () => close(server),
	};
}

async function readRequest(request: IncomingMessage, { pathname, searchParams }: URL): Promise<AskedRequest> {
	const { url = '', method, headers } = request;
	const resource = SERVED.find(({ path }) => path === pathname)?.name ?? null;
	const watch = ['true', '1'].includes(searchParams.get('watch') ?? '');
	const verb = method === 'GET' ? (watch ? 'watch' : 'list') : 'post';
	const body = verb === 'post' ? await readAll(request) : '';
	return { at: performance.now(), verb, resource, url, authorization: headers.authorization, body };
}

function respond(
	response: ServerResponse,
	{ status, body }: { readonly status: number; readonly body: unknown },
): void {
	response.writeHead(status, { 'content-type': 'application/json' });
	response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function close(server: Server): Promise<void> {
	server.closeAllConnections();
	return new Promise((resolve) => server.close(() => resolve()));
}
