import { expect } from 'vitest';
import type { Lab } from './lab.ts';
import type { Answer, Transport } from './messages.ts';
import type { Client, ClientName, Plan } from './plan.ts';

/** Where packets are sent. */
export interface Destination {
	readonly protocol: Transport;
	readonly address: string;
	readonly port: number;
}

/** A TCP destination. */
export function tcp(address: string, port = 80): Destination {
	return { protocol: 'tcp', address, port };
}

/** A UDP destination. */
export function udp(address: string, port = 80): Destination {
	return { protocol: 'udp', address, port };
}

/** What should become of connections: some reach each of the endpoints and none another one, or all fail alike. */
export type Expected = Reached | 'refused' | 'silence';

export interface Reached {
	readonly endpoints: readonly string[];
	/** which address the endpoints see: the client's own, or the node's */
	readonly seen: 'client' | 'node';
}

/** Each of the endpoints is reached, with the client's own address. */
export function reaches(...endpoints: readonly string[]): Reached {
	return { endpoints, seen: 'client' };
}

/** Each of the endpoints is reached, and sees the node's address as source. */
export function reachesMasqueraded(...endpoints: readonly string[]): Reached {
	return { endpoints, seen: 'node' };
}

/** A client, where it connects to, and what should become of it. */
export type Row = readonly [from: ClientName | Client, to: Destination, expected: Expected];

/** Sends real packets for every row and compares what became of them. */
export async function expectFlows(lab: Lab, plan: Plan, rows: readonly Row[]): Promise<void> {
	const found = await Promise.all(
		rows.map(async ([from, to, expected]) => {
			const client = typeof from === 'string' ? plan.client(from) : from;
			const title = `${typeof from === 'string' ? from : from.address} → ${to.address} ${to.protocol} ${to.port}`;
			const wanted = expectedText(expected, client, plan);
			return { title, wanted, observed: await observe(lab, client, to, expected) };
		}),
	);
	const text = (pick: (row: (typeof found)[number]) => string) => found.map((row) => `${row.title}: ${pick(row)}`);
	expect(text((row) => row.observed)).toEqual(text((row) => row.wanted));
}

function expectedText(expected: Expected, client: Client, plan: Plan): string {
	if (typeof expected === 'string') return expected;
	return reachedText(expected.endpoints, [expected.seen === 'node' ? plan.node(1) : client.address]);
}

function reachedText(endpoints: Iterable<string>, sources: Iterable<string>): string {
	return `${[...new Set(endpoints)].sort().join(', ')} seeing ${[...new Set(sources)].sort().join(', ')}`;
}

/**
 * Long enough for a first packet sent again, so that a busy machine does not look like silence. IPv6 needs it always: the
 * kernel overlooks an ICMP error that comes while connect() still runs, and is refused by the second packet, after a second.
 */
const PATIENCE = 3000;
/** Where silence is expected; answers take a millisecond. */
const IMPATIENCE = 400;

const AT_ONCE = 8;

async function observe(lab: Lab, client: Client, to: Destination, expected: Expected): Promise<string> {
	if (typeof expected === 'string') {
		const timeout = expected === 'silence' ? IMPATIENCE : PATIENCE;
		return summary(await Promise.all([probe(lab, client, to, timeout), probe(lab, client, to, timeout)]));
	}
	// Random choice: go on until all were seen, or until missing one would be a chance of e^-25.
	const count = expected.endpoints.length;
	const most = count * (Math.log(count) + 25);
	const answers: Answer[] = [];
	const seen = new Set<string>();
	while (answers.length < most && (seen.size < count || answers.length < Math.min(count - 1, 3) * AT_ONCE)) {
		const batch = Array.from({ length: AT_ONCE }, () => probe(lab, client, to, PATIENCE));
		answers.push(...(await Promise.all(batch)));
		for (const answer of answers) if (answer.kind === 'answered') seen.add(answer.by);
		if (answers.some((answer) => answer.kind !== 'answered')) break;
	}
	return summary(answers);
}

/** Sends one packet, or opens one connection. */
export function probe(lab: Lab, client: Client, to: Destination, timeout: number = PATIENCE): Promise<Answer> {
	return lab.ask(client.place, { ask: 'probe', ...to, source: client.source, timeout });
}

function summary(answers: readonly Answer[]): string {
	const answered = answers.filter((answer) => answer.kind === 'answered');
	const others = answers.map((answer) => (answer.kind === 'failed' ? answer.why : answer.kind));
	const failures = [...new Set(others)].filter((kind) => kind !== 'answered').sort();
	if (answered.length === 0) return failures.join(', ');
	const endpoints = answered.map((answer) => answer.by);
	const sources = answered.map((answer) => answer.source);
	return [reachedText(endpoints, sources), ...failures].join(', ');
}
