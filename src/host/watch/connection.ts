import * as http from 'node:http';
import * as https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { ClusterError, message } from '../kubeconfig.ts';

/** Where the API server is and how to speak to it. */
export interface Connection {
	readonly server: string;
	readonly options: https.RequestOptions;
}

/**
 * What the kubeconfig says now: tokens and certificates are read here, programs for credentials run.
 * @throws ClusterError when it cannot be used
 */
export async function connectionOf(config: KubeConfig): Promise<Connection> {
	const server = (config.getCurrentCluster()?.server ?? '').replace(/\/$/, '');
	if (!URL.canParse(server)) throw new ClusterError(`the kubeconfig's server "${server}" is not a URL`);
	const headers: http.OutgoingHttpHeaders = { accept: 'application/json' };
	const options: https.RequestOptions = { method: 'GET', headers };
	try {
		await config.applyToHTTPSOptions(options);
	} catch (cause) {
		throw new ClusterError(`the kubeconfig cannot be used: ${message(cause)}`, { cause });
	}
	// A file with a token may end in a newline, which no header may hold (client-go `transport/token_source.go` trims too).
	if (typeof headers.Authorization === 'string') headers.Authorization = headers.Authorization.trim();
	return { server, options };
}

/** What was asked came to nothing because nobody spoke for too long. */
export class Silence extends Error {
	override readonly name = 'Silence';
}

/** The API server's kernel is asked whether it is there after so long without a packet, and then each second, ten times. */
const KEEPALIVE_MS = 15_000;

export interface Sending {
	/** so long may the other side say nothing; who reads the answer may change it there */
	readonly silenceMs: number;
	readonly signal?: AbortSignal;
	/** JSON to be created; without it something is read */
	readonly body?: string;
}

/**
 * Asks the API server; gives the answer as soon as it begins.
 * A peer whose packets are lost is found by its silence before the answer begins, and afterwards, also while nothing is
 * to be said, by the kernel's probes within 25 s (libuv `src/unix/tcp.c`: after KEEPALIVE_MS, ten of them a second apart).
 */
export function send(
	{ server, options }: Connection,
	path: string,
	{ silenceMs, signal, body }: Sending,
): Promise<http.IncomingMessage> {
	const url = new URL(server + path);
	const { request } = url.protocol === 'http:' ? http : https;
	return new Promise((resolve, reject) => {
		let answer: http.IncomingMessage | null = null;
		const reading = { ...options, timeout: silenceMs, ...(signal === undefined ? {} : { signal }) };
		const all = body === undefined ? reading : creating(reading);
		const sent = request(url, all, (response) => {
			answer = response;
			clearTimeout(waiting);
			resolve(response);
		});
		const unanswered = () => sent.destroy(new Silence(`no answer within ${silenceMs / 1000} s`));
		// The socket's own time begins anew while TLS is being agreed on.
		const waiting = setTimeout(unanswered, silenceMs);
		sent.setSocketKeepAlive(true, KEEPALIVE_MS);
		sent.on('timeout', () => {
			const seconds = (sent.socket?.timeout ?? silenceMs) / 1000;
			answer?.destroy(new Silence(`nothing more came for ${seconds} s`));
		});
		sent.on('close', () => clearTimeout(waiting));
		sent.on('error', (error) => {
			reject(error);
			// Else the reader is told only that the answer was aborted, and not why.
			answer?.destroy(error);
		});
		sent.end(body);
	});
}

function creating(options: https.RequestOptions): https.RequestOptions {
	return { ...options, method: 'POST', headers: { ...options.headers, 'content-type': 'application/json' } };
}
