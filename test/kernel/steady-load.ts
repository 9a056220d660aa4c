import type { Lab } from './lab.ts';
import type { Answer } from './messages.ts';
import type { Route } from './steady-services.ts';

/** A connection that did not do what it should. */
export interface Failure {
	readonly route: string;
	readonly what: string;
	/** by performance.now(): when it began, and when it was known to have failed */
	readonly from: number;
	readonly to: number;
}

/** Connections that run all the time. */
export interface Load {
	/** how many were made and counted */
	readonly made: () => number;
	readonly failures: () => readonly Failure[];
	/** the longest that one took, in milliseconds */
	readonly slowest: () => number;
	/** From now on failures do not count, nor do clients expect to be remembered. */
	readonly forgive: () => void;
	/** Connections that begin from now on count again. */
	readonly count: () => void;
	readonly stop: () => Promise<void>;
}

/** Long enough for a packet sent again twice. */
const PATIENCE = 5000;
/** Between the end of one connection of a route and the next one, in milliseconds. */
const PAUSE = 20;
/** Between two echoes of a connection that is kept. */
const KEPT_PAUSE = 200;

/** Starts connections on every route, one after another on each, and one that is kept on each route of TCP. */
export function startLoad(lab: Lab, routes: readonly Route[], onFailure: (what: string) => void = () => {}): Load {
	const state = { stopped: false, forgiven: false, epoch: 0, made: 0, slowest: 0, connection: 0 };
	const failures: Failure[] = [];
	const remembered = new Map<Route, string>();
	const { ask } = lab;

	/** Runs one exchange; what overlaps a time in which failures are forgiven does not count. */
	const exchange = async (route: Route, work: () => Promise<string | null>) => {
		const { epoch } = state;
		const from = performance.now();
		const what = await work();
		const to = performance.now();
		if (state.forgiven || state.stopped || state.epoch !== epoch) return;
		state.made++;
		state.slowest = Math.max(state.slowest, to - from);
		if (what === null) return;
		failures.push({ route: route.name, what, from, to });
		onFailure(`${route.name}: ${what}, after ${Math.round(to - from)} ms`);
	};
	const target = ({ client, to }: Route) => ({ ...to, source: client.source, timeout: PATIENCE });
	const judge = (route: Route, answer: Answer): string | null => {
		if (answer.kind !== 'answered') return answer.kind === 'failed' ? answer.why : answer.kind;
		if (!route.by.includes(answer.by)) return `answered by ${answer.by}`;
		if (!route.sticky || state.forgiven) return null;
		const first = remembered.get(route) ?? answer.by;
		remembered.set(route, answer.by);
		return first === answer.by ? null : `answered by ${answer.by}, before by ${first}`;
	};
	const datagram = async (route: Route) =>
		judge(route, await ask(route.client.place, { ask: 'probe', ...target(route) }));
	const open = async (route: Route, connection: number) =>
		judge(route, await ask(route.client.place, { ask: 'open', connection, ...target(route) }));
	const echo = async (route: Route, connection: number) => {
		const { kind } = await ask(route.client.place, { ask: 'echo', connection, timeout: PATIENCE });
		return kind === 'answered' ? null : `no echo: ${kind}`;
	};
	const close = (route: Route, connection: number) => ask(route.client.place, { ask: 'close', connection });

	const again = async (route: Route) => {
		while (!state.stopped) {
			if (route.to.protocol === 'udp') await exchange(route, () => datagram(route));
			else {
				const connection = ++state.connection;
				await exchange(route, async () => (await open(route, connection)) ?? (await echo(route, connection)));
				await close(route, connection);
			}
			await pause(PAUSE);
		}
	};
	const keep = async (route: Route) => {
		while (!state.stopped) {
			const connection = ++state.connection;
			const { epoch } = state;
			let alive = true;
			const note = (what: string | null) => {
				alive = what === null;
				return what === null ? null : `kept connection: ${what}`;
			};
			await exchange(route, async () => note(await open(route, connection)));
			while (alive && !state.stopped) {
				await pause(KEPT_PAUSE);
				if (state.epoch !== epoch) break;
				await exchange(route, async () => note(await echo(route, connection)));
			}
			await close(route, connection);
		}
	};

	const running = [...routes.map(again), ...routes.filter(({ to }) => to.protocol === 'tcp').map(keep)];
	return {
		made: () => state.made,
		failures: () => failures,
		slowest: () => state.slowest,
		forgive: () => {
			state.forgiven = true;
			state.epoch++;
			remembered.clear();
		},
		count: () => {
			state.forgiven = false;
			state.epoch++;
		},
		stop: async () => {
			state.stopped = true;
			await Promise.all(running);
		},
	};
}

function pause(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
