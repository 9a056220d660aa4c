import { type IpFamily, parseAddress } from '../model/ip.ts';
import type { FlowFilter, FlowPattern, UdpFlow } from '../model/udp-flow.ts';
import { type ProcessOptions, type ProcessRun, runProcess } from './process.ts';

/** How conntrack (of conntrack-tools) is called. The time limit of each call is given with it. */
export type ConntrackOptions = Omit<ProcessOptions, 'timeLimit'>;

export const CONNTRACK: ConntrackOptions = { command: ['conntrack'], signal: null };

/** How a call went. */
export type ConntrackRun =
	| { readonly outcome: 'done' }
	/** it may go better next time */
	| { readonly outcome: 'failed'; readonly reason: string }
	/** conntrack is missing, may not be used, or the kernel lacks the module for it: it will not go better by itself */
	| { readonly outcome: 'off'; readonly reason: string };

/** The kernel's connection tracking table by way of conntrack. */
export function conntrackTable(options: ConntrackOptions = CONNTRACK) {
	return {
		list: (family: IpFamily, filter: FlowFilter, onFlow: (flow: UdpFlow) => void, timeLimit: number) =>
			listUdpFlows(family, filter, onFlow, timeLimit, options),
		forget: (family: IpFamily, pattern: FlowPattern, timeLimit: number) =>
			forgetUdpFlows(family, pattern, timeLimit, options),
	};
}

/**
 * Tells of every UDP entry of a family, as it comes: nothing is kept, and conntrack waits while it is looked at.
 * conntrack 1.4.7 gets the whole table of the family from the kernel whatever it is asked for; the filter spares it printing
 * and us reading. The plain format is the shortest (xml has four times the bytes) and the same in all versions.
 */
export async function listUdpFlows(
	family: IpFamily,
	filter: FlowFilter,
	onFlow: (flow: UdpFlow) => void,
	timeLimit: number,
	options: ConntrackOptions = CONNTRACK,
): Promise<ConntrackRun> {
	const lines = newLines((line) => {
		const flow = readFlow(line);
		if (flow !== null) onFlow(flow);
	});
	const run = await runProcess(['-L', ...matching(family, filter)], { ...options, timeLimit }, lines);
	return judge(run);
}

/** What deleting took away. */
export type Forgotten = ConntrackRun & { readonly deleted: number };

/**
 * Deletes all UDP entries of a pattern, in one walk through the table: conntrack walks for a single entry too, so that a walk
 * for each would take hours where there are many.
 */
export async function forgetUdpFlows(
	family: IpFamily,
	pattern: FlowPattern,
	timeLimit: number,
	options: ConntrackOptions = CONNTRACK,
): Promise<Forgotten> {
	const { reply } = pattern;
	const replies = reply === null ? [] : ['--reply-src', reply.address, '--reply-port-src', String(reply.port)];
	const args = ['-D', ...matching(family, pattern), ...replies];
	const end = performance.now() + timeLimit;
	let deleted = 0;
	const countLines = (piece: Buffer) => {
		for (const byte of piece) if (byte === NEWLINE) deleted++;
	};
	for (let attempt = 1; ; attempt++) {
		if (options.signal?.aborted) return { outcome: 'failed', reason: 'it was given up', deleted };
		const left = Math.max(1, end - performance.now());
		const run = await runProcess(args, { ...options, timeLimit: left }, countLines);
		// Up to 1.4.7 it stops at an entry that vanished meanwhile. The next walk begins with fewer.
		const again = VANISHED.test(run.stderr) && attempt < MOST_ATTEMPTS && performance.now() < end;
		if (run.outcome === 'failed' && again) continue;
		// It fails when there is nothing to delete.
		if (run.outcome === 'failed' && NONE_DELETED.test(run.stderr)) return { outcome: 'done', deleted };
		return { ...judge(run), deleted };
	}
}

const MOST_ATTEMPTS = 10;
const VANISHED = /Operation failed: such conntrack doesn't exist/;
const NONE_DELETED = /: 0 flow entries have been deleted/;
const NEWLINE = 10;

function matching(family: IpFamily, { address, port }: FlowFilter): readonly string[] {
	return [
		...['-p', 'udp', '-f', family === 'ip' ? 'ipv4' : 'ipv6'],
		...(address === null ? [] : ['--orig-dst', address]),
		...(port === null ? [] : ['--orig-port-dst', String(port)]),
	];
}

/** A line that is longer is no entry. */
const LONGEST_LINE = 4_096;

/** Cuts what comes in pieces into lines. An end without a line feed is no line: the program was stopped in the middle of it. */
function newLines(onLine: (line: string) => void): (piece: Buffer) => void {
	let rest = '';
	return (piece) => {
		const text = rest + piece.toString('latin1');
		let start = 0;
		for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
			if (end - start <= LONGEST_LINE) onLine(text.slice(start, end));
			start = end + 1;
		}
		rest = text.slice(start);
		if (rest.length > LONGEST_LINE) rest = rest.slice(-LONGEST_LINE);
	};
}

/** The two tuples of an entry; counters, flags and zones may stand between and after them. */
const ENTRY =
	/^udp +17 .*?src=\S+ dst=([\da-f:.]+) sport=\d+ dport=(\d+) .*?src=([\da-f:.]+) dst=\S+ sport=(\d+) dport=\d+(?: |$)/;

function readFlow(line: string): UdpFlow | null {
	const [, address = '', port, replyAddress = '', replyPort] = ENTRY.exec(line) ?? [];
	if (port === undefined) return null;
	return {
		address: canonical(address),
		port: Number(port),
		replyAddress: canonical(replyAddress),
		replyPort: Number(replyPort),
	};
}

/** The C library writes IPv6 addresses as we do, but for those that end like an IPv4 address. */
function canonical(address: string): string {
	if (!address.includes(':') || !address.includes('.')) return address;
	const parsed = parseAddress(address);
	return 'address' in parsed ? parsed.address : address;
}

/** What passes by itself: the kernel was interrupted or short of memory. */
const PASSING =
	/such conntrack doesn't exist|Interrupted system call|No buffer space|Cannot allocate memory|not enough memory|temporarily|busy/i;

function judge(run: ProcessRun): ConntrackRun {
	switch (run.outcome) {
		case 'done':
			return { outcome: 'done' };
		case 'missing':
			return { outcome: 'off', reason: `the program conntrack cannot be run: ${run.reason}` };
		case 'not-started':
			return { outcome: 'failed', reason: `conntrack could not be started: ${run.reason}` };
		case 'timed-out':
			return { outcome: 'failed', reason: 'conntrack took too long and was stopped' };
		case 'killed':
		case 'crashed':
			return { outcome: 'failed', reason: `conntrack was ended by ${run.signal}` };
		case 'failed':
			return { outcome: PASSING.test(run.stderr) ? 'failed' : 'off', reason: `conntrack: ${complaint(run.stderr)}` };
	}
}

/** What conntrack says itself, without its name and version. */
function complaint(stderr: string): string {
	const [first = ''] = stderr.trim().split('\n');
	return (
		first.replace(/^conntrack v\S+ \([^)]*\): /, '').replace(/^Operation failed: /, '') || 'it failed without a word'
	);
}
