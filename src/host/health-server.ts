import { answerBy, type Routes } from '../health/answer.ts';
import type { Problem } from '../model/problem.ts';
import { type BindAddress, bindText } from './bind-address.ts';
import { type Listener, listen } from './http-listener.ts';

/** One server that is wanted. */
export interface ServerRequest {
	/** what messages call it: `health`, `metrics` */
	readonly what: string;
	readonly at: BindAddress;
	readonly routes: Routes;
}

/** Servers that are kept open. */
export interface Servers {
	/** by what they are for; null while one cannot be opened */
	readonly ports: () => ReadonlyMap<string, number | null>;
	/** Ends them, within a second. */
	readonly close: () => Promise<void>;
}

/** kube-proxy's own pause (kube-proxy `cmd/kube-proxy/app/server.go` serveHealthz). */
const RETRY_MS = 5_000;

/** Told of what is wrong; a server that cannot be opened is told of once. */
export type OnProblem = (problem: Problem) => void;

/**
 * Opens servers and settles when each was tried. One that cannot be opened, because kube-proxy still has its port, say,
 * is tried again every five seconds. Those with the same address are one server.
 */
export async function openServers(
	requests: readonly ServerRequest[],
	onProblem: OnProblem,
	retryMs = RETRY_MS,
): Promise<Servers> {
	const kept = merged(requests).map((request) => keepOpen(request, onProblem, retryMs));
	await Promise.all(kept.map(({ tried }) => tried));
	return {
		ports: () => new Map(kept.flatMap(({ names, port }) => names.map((name) => [name, port()] as const))),
		close: async () => {
			await Promise.all(kept.map(({ close }) => close()));
		},
	};
}

interface Merged extends ServerRequest {
	readonly names: readonly string[];
}

/** What the first one has at a path is served where two have it. */
function merged(requests: readonly ServerRequest[]): readonly Merged[] {
	const byAddress = new Map<string, Merged>();
	for (const request of requests) {
		const key = request.at.port === 0 ? request.what : bindText(request.at);
		const same = byAddress.get(key);
		const names = [...(same?.names ?? []), request.what];
		const routes = new Map([...request.routes, ...(same?.routes ?? [])]);
		byAddress.set(key, { ...request, what: names.join(' and '), names, routes });
	}
	return [...byAddress.values()];
}

interface KeptOpen {
	readonly names: readonly string[];
	readonly tried: Promise<void>;
	readonly port: () => number | null;
	readonly close: () => Promise<void>;
}

function keepOpen({ names, what, at, routes }: Merged, onProblem: OnProblem, retryMs: number): KeptOpen {
	const state: { listener: Listener | null; told: boolean; closed: boolean } = {
		listener: null,
		told: false,
		closed: false,
	};
	let timer: NodeJS.Timeout | undefined;
	const request = {
		at,
		handle: (asked: { readonly method: string; readonly url: string }) => answerBy(routes, asked.method, asked.url),
		onFault: (error: unknown) => onProblem(pageFailed(what, error)),
	};
	const open = async (): Promise<void> => {
		try {
			const listener = await listen(request);
			if (state.closed) await listener.close();
			else state.listener = listener;
		} catch (error) {
			if (!state.told) onProblem(notOpened(what, at, error));
			state.told = true;
			if (!state.closed) timer = setTimeout(() => void open(), retryMs);
		}
	};
	const close = async () => {
		state.closed = true;
		clearTimeout(timer);
		await state.listener?.close();
		state.listener = null;
	};
	return { names, tried: open(), port: () => state.listener?.port ?? null, close };
}

function notOpened(what: string, at: BindAddress, error: unknown): Problem {
	const sentence = `the ${what} server cannot listen at ${bindText(at)}: ${listenReason(error)}; it is tried again every few seconds`;
	const hint = 'is kube-proxy still running, or another agent? Another address can be given on the command line';
	return { code: 'server-not-open', severity: 'warning', origin: null, object: null, sentence, hint };
}

function pageFailed(what: string, error: unknown): Problem {
	const sentence = `the ${what} server failed to answer: ${error instanceof Error ? error.message : String(error)}`;
	return { code: 'server-fault', severity: 'warning', origin: null, object: null, sentence, hint: null };
}

const REASONS: ReadonlyMap<string, string> = new Map([
	['EADDRINUSE', 'the port is in use'],
	['EADDRNOTAVAIL', 'this machine has no such address'],
	['EACCES', 'this user may not use the port'],
	['EMFILE', 'too many files are open'],
	['ENFILE', 'too many files are open'],
]);

/** Why nothing can listen, as the end of a sentence. */
export function listenReason(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return REASONS.get(code) ?? (error instanceof Error ? error.message : String(error));
}
