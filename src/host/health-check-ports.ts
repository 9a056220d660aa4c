import { type HealthCheck, healthCheckAnswer } from '../health/service-health.ts';
import { type IpFamily, socketText } from '../model/ip.ts';
import type { Problem } from '../model/problem.ts';
import { listenReason } from './health-server.ts';
import { type Listener, listen } from './http-listener.ts';

/** A health check whose port cannot be opened. */
export interface PortFailure {
	readonly check: HealthCheck;
	/** such as `0.0.0.0:31234` */
	readonly address: string;
	/** why, as the end of a sentence */
	readonly why: string;
	readonly problem: Problem;
}

/** The reason of the Event that kube-proxy writes on the Service (kube-proxy `pkg/proxy/healthcheck/service_health.go` SyncServices). */
export const PORT_FAILURE_EVENT = 'FailedToStartServiceHealthcheck';

/** Servers on the healthCheckNodePorts of Services. */
export interface HealthCheckPorts {
	/**
	 * Opens and closes what has to be for one family, after its table was programmed, and from then on answers what the
	 * checks say. What stays the same is not touched.
	 * @param addresses where each port is opened; all of them, or none
	 * @returns failures that were not there the last time; all are tried again the next
	 */
	readonly sync: (
		family: IpFamily,
		wanted: readonly HealthCheck[],
		addresses: readonly string[],
	) => Promise<readonly PortFailure[]>;
	/** All failures there are now. */
	readonly failures: () => readonly PortFailure[];
	/** how many Services are answered for */
	readonly open: () => number;
	/** Ends everything, within a second. */
	readonly close: () => Promise<void>;
}

interface Opened {
	/** what it answers from */
	check: HealthCheck;
	readonly addresses: string;
	readonly listeners: readonly Listener[];
}

/** No port is open. @param isHealthy whether rules are kept up to date, in all families */
export function newHealthCheckPorts(isHealthy: () => boolean): HealthCheckPorts {
	const opened = new Map<string, Opened>();
	const failed = new Map<string, PortFailure>();
	let closed = false;

	/** Ports that one Service leaves to another are free before anything is opened. */
	const leave = (
		family: IpFamily,
		wanted: ReadonlyMap<string, HealthCheck>,
		addresses: string,
	): readonly Promise<void>[] => {
		for (const [key, { check }] of failed) if (check.family === family && !wanted.has(key)) failed.delete(key);
		return [...opened].flatMap(([key, { check, addresses: before, listeners }]) => {
			if (check.family !== family || (wanted.get(key)?.port === check.port && before === addresses)) return [];
			opened.delete(key);
			return listeners.map((listener) => listener.close());
		});
	};

	const open = async (key: string, check: HealthCheck, addresses: readonly string[]): Promise<PortFailure | null> => {
		const answer = () => healthCheckAnswer(opened.get(key)?.check ?? check, isHealthy());
		const found = await listenAll(check, addresses, answer);
		if ('problem' in found) return found;
		opened.set(key, { check, addresses: addresses.join(), listeners: found.listeners });
		return null;
	};

	const sync: HealthCheckPorts['sync'] = async (family, checks, addresses) => {
		if (closed) return [];
		const wanted = new Map(checks.map((check) => [`${family} ${check.namespace}/${check.name}`, check]));
		const closing = leave(family, wanted, addresses.join());
		const news: PortFailure[] = [];
		for (const [key, check] of wanted) {
			const there = opened.get(key);
			if (there !== undefined) {
				there.check = check;
				continue;
			}
			const failure = await open(key, check, addresses);
			if (failure !== null && failed.get(key)?.problem.sentence !== failure.problem.sentence) news.push(failure);
			if (failure === null) failed.delete(key);
			else failed.set(key, failure);
		}
		await Promise.all(closing);
		return news;
	};

	const close = async () => {
		closed = true;
		const listeners = [...opened.values()].flatMap((each) => each.listeners);
		opened.clear();
		await Promise.all(listeners.map((listener) => listener.close()));
	};

	const { run, idle } = oneAtATime();
	return {
		sync: (family, checks, addresses) => run(() => sync(family, checks, addresses)),
		failures: () => [...failed.values()],
		open: () => new Set([...opened.values()].map(({ check }) => `${check.namespace}/${check.name}`)).size,
		close: async () => {
			closed = true;
			await idle();
			await close();
		},
	};
}

/** Opens a port at all addresses, or at none. */
async function listenAll(
	check: HealthCheck,
	addresses: readonly string[],
	answer: () => ReturnType<typeof healthCheckAnswer>,
): Promise<{ readonly listeners: readonly Listener[] } | PortFailure> {
	const listeners: Listener[] = [];
	for (const host of addresses) {
		const at = { host, port: check.port };
		try {
			listeners.push(await listen({ at, ipv6Only: check.family === 'ip6', handle: answer, onFault: () => {} }));
		} catch (error) {
			await Promise.all(listeners.map((listener) => listener.close()));
			return portFailure(check, socketText(host, check.port), listenReason(error));
		}
	}
	return { listeners };
}

function portFailure(check: HealthCheck, address: string, why: string): PortFailure {
	const sentence = `its health check port cannot be opened at ${address}: ${why}; load balancers will not send traffic for it here, and it is tried again at every synchronisation`;
	const object = `Service ${check.namespace}/${check.name}`;
	const problem: Problem = {
		code: 'health-check-port',
		severity: 'warning',
		origin: null,
		object,
		sentence,
		hint: null,
	};
	return { check, address, why, problem };
}

/** Runs work one after the other. */
function oneAtATime() {
	let last: Promise<unknown> = Promise.resolve();
	const run = <T>(work: () => Promise<T>): Promise<T> => {
		const mine = last.then(work);
		last = mine.catch(() => {});
		return mine;
	};
	return { run, idle: () => last };
}
