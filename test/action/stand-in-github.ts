import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A comment as GitHub has it. */
export interface StoredComment {
	readonly id: number;
	body: string;
	readonly user: { readonly login: string; readonly type: string };
}

/** An answer that is given in place of the real one. */
export interface Fault {
	readonly method: string;
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly message?: string;
	/** whether what was asked is done all the same, and only the answer is lost */
	readonly done?: boolean;
}

/** GitHub's REST interface on loopback, with one repository, shop/deploy. */
export interface StandIn {
	readonly api: string;
	/** of pull request 7 */
	readonly comments: StoredComment[];
	readonly pulls: { readonly number: number; readonly head: { readonly sha: string; readonly label: string } }[];
	/** given to the next requests of their methods, each once */
	readonly faults: Fault[];
	/** `METHOD /path`, without the address of the repository */
	readonly requests: string[];
}

export const BOT = { login: 'github-actions[bot]', type: 'Bot' } as const;
export const TOKEN = 'ghs_secretsecretsecret';

export async function standInGitHub(onTestFinished: (clean: () => Promise<void>) => void): Promise<StandIn> {
	const state: Omit<StandIn, 'api'> = { comments: [], pulls: [], faults: [], requests: [] };
	const server = createServer((request, response) => {
		answer(request, response, state).catch((error: unknown) => response.destroy(error as Error));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});
	return { ...state, api: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const REPOSITORY = '/repos/shop/deploy';

async function answer(request: IncomingMessage, response: ServerResponse, state: Omit<StandIn, 'api'>) {
	const { method = '', url = '' } = request;
	const { pathname, searchParams } = new URL(url, 'http://x');
	const send = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
		response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
	};
	state.requests.push(`${method} ${url.replace(REPOSITORY, '')}`);
	const fault = takeFault(method, state.faults);
	if (request.headers.authorization !== `Bearer ${TOKEN}`) return send(401, { message: 'Bad credentials' });
	const body = method === 'GET' ? null : ((await json(request)) as { readonly body: string });
	if (fault !== null && fault.done !== true) return send(fault.status, { message: fault.message }, fault.headers);
	const [status, result] = act(method, pathname, searchParams, body?.body ?? '', state);
	return fault === null ? send(status, result) : send(fault.status, { message: fault.message }, fault.headers);
}

function takeFault(method: string, faults: Fault[]): Fault | null {
	const index = faults.findIndex((fault) => fault.method === method);
	return index < 0 ? null : (faults.splice(index, 1)[0] ?? null);
}

function act(
	method: string,
	path: string,
	query: URLSearchParams,
	body: string,
	{ comments, pulls }: Omit<StandIn, 'api'>,
): readonly [status: number, result: unknown] {
	if ([...body].length > 65_536) return [422, { message: 'body is too long (maximum is 65536 characters)' }];
	switch (`${method} ${path.replace(REPOSITORY, '')}`) {
		case 'GET /user':
			return [403, { message: 'Resource not accessible by integration' }];
		case 'GET /pulls':
			return [200, pulls.filter(({ head }) => head.label === query.get('head'))];
		case 'GET /issues/7/comments': {
			const start = (Number(query.get('page')) - 1) * 100;
			return [200, comments.slice(start, start + 100)];
		}
		case 'POST /issues/7/comments': {
			const comment = { id: 1000 + comments.length, body, user: BOT };
			comments.push(comment);
			return [201, comment];
		}
	}
	const id = Number(/^\/repos\/shop\/deploy\/issues\/comments\/(\d+)$/.exec(path)?.[1]);
	const comment = comments.find((each) => each.id === id);
	if (method !== 'PATCH' || comment === undefined) return [404, { message: 'Not Found' }];
	comment.body = body;
	return [200, comment];
}
