import type { IncomingMessage } from 'node:http';
import { ClusterError, message } from '../kubeconfig.ts';
import { type Connection, type Sending, send } from './connection.ts';

/** What the API server answered, whole. */
export interface Answer {
	readonly status: number;
	/** what it says to wait; null where it says nothing */
	readonly retryAfterMs: number | null;
	/** parsed if it is JSON, else the text */
	readonly body: unknown;
}

/** The API server answered, but not with what was asked for. */
export class Refusal extends ClusterError {
	readonly status: number;
	readonly retryAfterMs: number | null;

	/** @param advice the end of the sentence, for the user */
	constructor(path: string, { status, body, retryAfterMs }: Answer, advice: string) {
		const text = property(body, 'message') ?? body;
		const said = typeof text === 'string' && text !== '' ? `: ${text.slice(0, 300)}` : '';
		super(`the API server refused ${path} with status ${status}${said}${advice}`);
		this.status = status;
		this.retryAfterMs = retryAfterMs;
	}
}

/**
 * Asks for something whole.
 * @throws ClusterError when the API server cannot be reached or breaks off
 */
export async function get(connection: Connection, path: string, sending: Sending): Promise<Answer> {
	return reaching(connection, async () => readAnswer(await send(connection, path, sending)));
}

/** Says of whatever goes wrong with a request which API server could not be reached. */
export async function reaching<Value>({ server }: Connection, ask: () => Promise<Value>): Promise<Value> {
	try {
		return await ask();
	} catch (cause) {
		throw new ClusterError(`the API server at ${new URL(server).origin} cannot be reached: ${message(cause)}`, {
			cause,
		});
	}
}

/** Far more than a page of a list can be: an object has 1.5 MiB at the most, and few have more than some KiB. */
const MOST_BYTES = 256 << 20;

/** Reads what is left of an answer. */
export async function readAnswer(response: IncomingMessage): Promise<Answer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of response) {
		chunks.push(chunk);
		size += chunk.length;
		if (size > MOST_BYTES) throw new Error(`it answered with more than ${MOST_BYTES >> 20} MiB`);
	}
	const body = parsed(Buffer.concat(chunks, size).toString('utf8'));
	return { status: response.statusCode ?? 0, retryAfterMs: retryAfter(response.headers['retry-after']), body };
}

/** Nobody is to stop us for longer. */
const MOST_RETRY_AFTER_SECONDS = 3600;

/** Whole seconds, as the API server writes them; client-go (`rest/with_retry.go`) knows no dates either. */
export function retryAfter(value: unknown): number | null {
	const text = String(value ?? '');
	return /^\d{1,9}$/.test(text) ? Math.min(Number(text), MOST_RETRY_AFTER_SECONDS) * 1000 : null;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** A property of whatever it is; undefined where there is none. */
export function property(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
		? Reflect.get(value, name)
		: undefined;
}
