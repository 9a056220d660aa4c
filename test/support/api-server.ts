import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the stand-in answers: a status and a body, sent as JSON unless it is a text. */
export interface Answer {
	readonly status: number;
	readonly body: unknown;
}

/** A stand-in for the API server on this machine, and what it was asked. */
export interface ApiServer {
	readonly url: string;
	readonly asked: readonly { readonly url: string; readonly authorization: string | undefined }[];
	readonly close: () => Promise<void>;
}

/** Starts one that answers by `answer`; null breaks the connection off in the middle of a body. */
export async function startApiServer(answer: (url: URL) => Answer | null): Promise<ApiServer> {
	const asked: { url: string; authorization: string | undefined }[] = [];
	const server = createServer((request, response) => {
		asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
		respond(request, response, answer);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}`, asked, close: () => close(server) };
}

function respond(request: IncomingMessage, response: ServerResponse, answer: (url: URL) => Answer | null): void {
	const found = answer(new URL(request.url ?? '/', 'http://api'));
	if (found === null) {
		response.writeHead(200, { 'content-length': '1000' });
		response.write('{"kind": "ServiceL', () => response.destroy());
		return;
	}
	response.writeHead(found.status, { 'content-type': 'application/json' });
	response.end(typeof found.body === 'string' ? found.body : JSON.stringify(found.body));
}

function close(server: Server): Promise<void> {
	server.closeAllConnections();
	return new Promise((resolve) => server.close(() => resolve()));
}

const KINDS: Readonly<Record<string, string>> = {
	'/api/v1/services': 'Service',
	'/apis/discovery.k8s.io/v1/endpointslices': 'EndpointSlice',
	'/api/v1/nodes': 'Node',
	'/apis/networking.k8s.io/v1/servicecidrs': 'ServiceCIDR',
};

/** Answers as the API server does, page by page, with items that do not say what they are. */
export function listing(objects: readonly Readonly<Record<string, unknown>>[]): (url: URL) => Answer {
	return ({ pathname, searchParams }) => {
		const kind = KINDS[pathname];
		if (kind === undefined) return refusal(404, 'the server could not find the requested resource');
		const all = objects.filter((object) => object.kind === kind);
		const limit = Number(searchParams.get('limit'));
		const start = Number(searchParams.get('continue') ?? 0);
		const next = start + limit < all.length ? String(start + limit) : '';
		const items = all.slice(start, start + limit).map(({ apiVersion: _version, kind: _kind, ...rest }) => rest);
		const version = pathname.replace(/^\/apis?\//, '').replace(/\/\w+$/, '');
		const metadata = { resourceVersion: '7', ...(next === '' ? {} : { continue: next, remainingItemCount: 1 }) };
		return { status: 200, body: { apiVersion: version, kind: `${kind}List`, metadata, items } };
	};
}

/** A refusal as the API server words it. */
export function refusal(status: number, message: string): Answer {
	return { status, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code: status } };
}

/** A kubeconfig for a server, with one context called test. */
export function kubeconfig(server: string, user: Readonly<Record<string, unknown>> = {}): string {
	return JSON.stringify({
		apiVersion: 'v1',
		kind: 'Config',
		'current-context': 'test',
		contexts: [{ name: 'test', context: { cluster: 'c', user: 'u' } }],
		clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
		users: [{ name: 'u', user }],
	});
}
