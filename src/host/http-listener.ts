import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from '../health/answer.ts';
import type { BindAddress } from './bind-address.ts';

/** What a server is asked: nothing but the request line matters. */
export interface Asked {
	readonly method: string;
	/** path and query */
	readonly url: string;
}

export type Handle = (asked: Asked) => Answer | Promise<Answer>;

/** A server that listens. */
export interface Listener {
	readonly port: number;
	/** Ends it: answers that are being made may still go out, then every connection is cut. Never takes longer than a second. */
	readonly close: () => Promise<void>;
}

/** Asked for a listener. */
export interface ListenRequest {
	readonly at: BindAddress;
	/** whether `::` leaves IPv4 to others */
	readonly ipv6Only?: boolean;
	readonly handle: Handle;
	/** Told when the handler throws; the client is told only that something failed. */
	readonly onFault: (error: unknown) => void;
	/** how long a request may take to come */
	readonly patienceMs?: number;
}

/** More connections than these are not taken: each is a file descriptor that nft may need. */
const MOST_CONNECTIONS = 512;

/** Who takes longer to ask is slow on purpose: these servers answer at once. */
const PATIENCE_MS = 5_000;

function limits(patienceMs: number) {
	return {
		headersTimeout: patienceMs,
		requestTimeout: 2 * patienceMs,
		connectionsCheckingInterval: patienceMs,
		keepAliveTimeout: 30_000,
	};
}

/** How long answers that are being made are waited for when a server ends. */
const GRACE_MS = 300;

/**
 * Listens.
 * @throws the system's error, such as EADDRINUSE
 */
export async function listen(request: ListenRequest): Promise<Listener> {
	const { at, ipv6Only = false, handle, onFault, patienceMs = PATIENCE_MS } = request;
	const server = createServer(limits(patienceMs), (incoming, response) => {
		incoming.resume();
		const asked = { method: incoming.method ?? '', url: incoming.url ?? '' };
		void respond(response, async () => handle(asked), onFault);
	});
	server.maxConnections = MOST_CONNECTIONS;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		const host = at.host === null ? {} : { host: at.host };
		server.listen({ port: at.port, ipv6Only, exclusive: true, ...host }, () => {
			server.off('error', reject);
			resolve();
		});
	});
	// Accepting can fail when file descriptors are short; the server goes on.
	server.on('error', onFault);
	return { port: (server.address() as AddressInfo).port, close: () => end(server) };
}

async function respond(response: ServerResponse, make: () => Promise<Answer>, onFault: (error: unknown) => void) {
	try {
		send(response, await make());
	} catch (error) {
		onFault(error);
		if (response.headersSent) response.destroy();
		else send(response, FAULT);
	}
}

const FAULT: Answer = {
	status: 500,
	headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
	body: 'internal error\n',
};

/** Writes an answer as Go's server does: the same headers in the same order, none for a connection that stays. */
function send(response: ServerResponse<IncomingMessage>, { status, headers, body }: Answer): void {
	if (response.shouldKeepAlive) response.removeHeader('Connection');
	response.sendDate = false;
	for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
	response.setHeader('Date', new Date().toUTCString());
	response.setHeader('Content-Length', Buffer.byteLength(body));
	response.writeHead(status);
	response.end(response.req.method === 'HEAD' ? undefined : body);
}

function end(server: Server): Promise<void> {
	return new Promise((resolve) => {
		const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
		server.close(() => {
			clearTimeout(cut);
			resolve();
		});
		server.closeIdleConnections();
	});
}
