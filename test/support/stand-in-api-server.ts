import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ResourceName } from '../../src/host/watch/resources.ts';
import { type Answer, refusal } from './api-server.ts';
import { createPager, type Pager } from './stand-in-lists.ts';
import { GOOD_MANNERS, type Manners } from './stand-in-manners.ts';
import { type AskedRequest, createRefusals, type RefusalFields, readRequest } from './stand-in-requests.ts';
import { selected } from './stand-in-selectors.ts';
import { type ApiObject, createStore, SERVED, type Store } from './stand-in-store.ts';
import { createWatchers, errorLine, type WatchEnd, type Watchers } from './stand-in-watchers.ts';

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
 * one it is told 410, by status or, with `goneAs: 'event'`, by an ERROR event. All pages of a list are of one moment. A watch
 * that wants to begin with what there is (`sendInitialEvents`) is refused, as by servers without it: clients list instead.
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

export interface StandInPlace {
	readonly host?: string;
	/** serves TLS with these, as PEM */
	readonly tls?: { readonly key: string; readonly cert: string };
}

/** Starts a stand-in on a free port of this machine. */
export async function startStandIn({ host = '127.0.0.1', tls }: StandInPlace = {}): Promise<StandIn> {
	let manners = GOOD_MANNERS;
	const thaw: (() => void)[] = [];
	const store = createStore();
	const watchers = createWatchers(store, () => manners);
	const refusals = createRefusals();
	const requests: AskedRequest[] = [];
	const respond = responder({ store, watchers, refusals, manners: () => manners, pages: createPager(store) });

	const server = tls === undefined ? createServer() : createTlsServer(tls);
	server.on('connection', (socket: Socket) => {
		if (manners.down) socket.resetAndDestroy();
	});
	server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
		const asked = await readRequest(request);
		requests.push(asked);
		if (manners.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, manners.delayMs));
		if (manners.frozen) await new Promise<void>((resolve) => thaw.push(resolve));
		if (!response.destroyed) respond(asked, response);
	});
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	const { port } = server.address() as AddressInfo;

	const changing = (change: (object: ApiObject) => string) => {
		return (...objects: readonly ApiObject[]) => {
			for (const object of objects) change(object);
			watchers.pump();
			return String(store.version());
		};
	};

	return {
		url: `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
		put: changing(store.put),
		remove: changing(store.remove),
		objects: store.objects,
		compact: store.compact,
		bookmark: watchers.bookmark,
		refuse: (status, about = {}) => refusals.add(status, about),
		endWatches: watchers.end,
		error: (resource, code = 410) =>
			watchers.line(resource, errorLine(code, code === 410 ? 'Expired' : 'InternalError', 'said by the stand-in')),
		line: (resource, line) => watchers.line(resource, typeof line === 'string' ? line : JSON.stringify(line)),
		behave: (changes) => {
			manners = { ...manners, ...changes };
			if (manners.down) server.closeAllConnections();
			if (manners.frozen || manners.down) return;
			for (const wake of thaw.splice(0)) wake();
			watchers.pump();
		},
		watching: watchers.open,
		requests,
		close: () => close(server),
	};
}

interface Parts {
	readonly store: Store;
	readonly watchers: Watchers;
	readonly refusals: ReturnType<typeof createRefusals>;
	readonly manners: () => Manners;
	readonly pages: Pager;
}

/** Answers a request as the stand-in is told to. */
function responder({ store, watchers, refusals, manners, pages }: Parts) {
	return (asked: AskedRequest, response: ServerResponse): void => {
		const { token, absent, shuffled, goneAs } = manners();
		const { searchParams } = new URL(asked.url, 'http://api');
		const resource = SERVED.find(({ name }) => name === asked.resource && !absent.includes(name));
		const refused = refusals.take(asked);
		if (refused !== null) {
			if (refused.retryAfter !== undefined) response.setHeader('retry-after', refused.retryAfter);
			send(response, refusal(refused.status, refused.message ?? 'refused by the stand-in'));
		} else if (token !== null && asked.authorization !== `Bearer ${token}`)
			send(response, refusal(401, 'Unauthorized'));
		else if (asked.verb === 'post') send(response, { status: 201, body: asked.body });
		else if (resource === undefined) send(response, refusal(404, 'the server could not find the requested resource'));
		else if (asked.verb === 'list') send(response, pages(resource, searchParams, shuffled));
		else if (searchParams.has('sendInitialEvents'))
			send(
				response,
				refusal(422, 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled'),
			);
		else {
			const from = Number(searchParams.get('resourceVersion') ?? store.version());
			const seconds = Number(searchParams.get('timeoutSeconds')) || 1800;
			const watch = { resource: resource.name, from, seconds, isSelected: selected(searchParams) };
			if (from >= store.floor() || goneAs === 'event') watchers.begin(watch, response);
			else send(response, refusal(410, `too old resource version: ${from} (${store.version()})`));
		}
	};
}

function send(response: ServerResponse, { status, body }: Answer): void {
	response.writeHead(status, { 'content-type': 'application/json' });
	response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function close(server: Server): Promise<void> {
	server.closeAllConnections();
	return new Promise((resolve) => server.close(() => resolve()));
}
