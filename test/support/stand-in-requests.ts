import type { IncomingMessage } from 'node:http';
import { text as readAll } from 'node:stream/consumers';
import type { ResourceName } from '../../src/host/watch/resources.ts';
import { SERVED } from './stand-in-store.ts';

/** What the stand-in was asked. */
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

export async function readRequest(request: IncomingMessage): Promise<AskedRequest> {
	const { url = '', method, headers } = request;
	const { pathname, searchParams } = new URL(url, 'http://api');
	const resource = SERVED.find(({ path }) => path === pathname)?.name ?? null;
	const watch = ['true', '1'].includes(searchParams.get('watch') ?? '');
	const verb = method === 'GET' ? (watch ? 'watch' : 'list') : 'post';
	const body = verb === 'post' ? await readAll(request) : '';
	return { at: performance.now(), verb, resource, url, authorization: headers.authorization, body };
}

/** What to refuse, and how. */
export interface RefusalFields {
	/** how often; once by default */
	readonly times?: number;
	readonly verb?: AskedRequest['verb'];
	readonly resource?: ResourceName;
	/** in seconds */
	readonly retryAfter?: number;
	readonly message?: string;
}

/** A refusal that waits for its request. */
interface Refused extends RefusalFields {
	readonly status: number;
}

/** The refusals to come, those ordered first come first. */
export function createRefusals() {
	const waiting: { readonly refused: Refused; left: number }[] = [];
	return {
		add: (status: number, fields: RefusalFields) =>
			void waiting.push({ refused: { ...fields, status }, left: fields.times ?? 1 }),
		/** The one that a request meets, which is then used up; null when there is none. */
		take: ({ verb, resource }: AskedRequest): Refused | null => {
			const found = waiting.find(
				({ refused, left }) =>
					left > 0 && (refused.verb ?? verb) === verb && (refused.resource ?? resource) === resource,
			);
			if (found === undefined) return null;
			found.left -= 1;
			return found.refused;
		},
	};
}
