import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CONNTRACK, type ConntrackOptions, forgetUdpFlows, listUdpFlows } from '../../src/host/conntrack.ts';
import type { UdpFlow } from '../../src/model/udp-flow.ts';
import { temporaryFolder } from '../support/folder.ts';

const ANY = { address: null, port: null };
const PATTERN = { address: '10.96.0.10', port: 53, reply: { address: '10.244.1.6', port: 5353 } };

interface Fake extends ConntrackOptions {
	readonly seen: () => Promise<string>;
}

/** A program in place of conntrack: a shell script, that can note in $SEEN what it was asked. */
async function fake(script: string): Promise<Fake> {
	const folder = await temporaryFolder(onTestFinished, { conntrack: script, seen: '' });
	const seen = join(folder, 'seen');
	return {
		...CONNTRACK,
		command: ['env', `SEEN=${seen}`, 'sh', join(folder, 'conntrack')],
		seen: () => readFile(seen, 'utf8'),
	};
}

async function listed(lines: string): Promise<readonly string[]> {
	const found: string[] = [];
	const note = (flow: UdpFlow) => found.push(`${flow.address} ${flow.port} > ${flow.replyAddress} ${flow.replyPort}`);
	const run = await listUdpFlows('ip', ANY, note, 5_000, await fake(`cat <<'END'\n${lines}\nEND`));
	expect(run).toEqual({ outcome: 'done' });
	return found;
}

describe('listing flows', () => {
	it.each([
		['answered', 'dport=53 src=10.244.1.5 dst=10.244.1.9 sport=5353 dport=1262 [ASSURED] mark=0 use=1'],
		['unanswered', 'dport=53 [UNREPLIED] src=10.244.1.5 dst=10.244.1.9 sport=5353 dport=1262 mark=0 use=1'],
		[
			'counted',
			'dport=53 packets=1 bytes=9 src=10.244.1.5 dst=10.244.1.9 sport=5353 dport=1262 packets=1 bytes=9 use=1',
		],
		[
			'in zones',
			'dport=53 zone-orig=1 src=10.244.1.5 dst=10.244.1.9 sport=5353 dport=1262 zone-reply=2 mark=0 zone=3 use=1',
		],
		['offloaded', 'dport=53 src=10.244.1.5 dst=10.244.1.9 sport=5353 dport=1262 [OFFLOAD] mark=0 secctx=a:b use=1'],
	])('reads one that is %s', async (_, rest) => {
		const line = `udp      17 29 src=10.244.1.9 dst=10.96.0.10 sport=1262 ${rest}`;
		expect(await listed(line)).toEqual(['10.96.0.10 53 > 10.244.1.5 5353']);
	});

	it('reads IPv6 as we write it', async () => {
		const tuples = 'src=fd00::9 dst=::1.2.3.4 sport=1 dport=53 src=fd00:10:244:1::5 dst=fd00::9 sport=5353 dport=1';
		expect(await listed(`udp      17 29 ${tuples} mark=0 use=1`)).toEqual(['::102:304 53 > fd00:10:244:1::5 5353']);
	});

	it('passes over what is no UDP entry', async () => {
		const tuples = 'src=10.0.0.1 dst=10.0.0.2 sport=1 dport=53 src=10.0.0.3 dst=10.0.0.1 sport=5353 dport=1';
		const lines = [
			`tcp      6 29 ESTABLISHED ${tuples} use=1`,
			'',
			'udp',
			`udp 17 1 ${'x'.repeat(5_000)}${tuples} use=1`,
		];
		expect(await listed(lines.join('\n'))).toEqual([]);
	});

	it('is told what to look for', async () => {
		const options = await fake('echo "$@" >> $SEEN');
		await listUdpFlows('ip6', { address: 'fd00::1', port: 53 }, () => {}, 5_000, options);
		await listUdpFlows('ip', ANY, () => {}, 5_000, options);
		expect(await options.seen()).toBe('-L -p udp -f ipv6 --orig-dst fd00::1 --orig-port-dst 53\n-L -p udp -f ipv4\n');
	});

	it('holds none of a million of them (fault 52)', async () => {
		const line =
			'udp 17 2999 src=10.200.2.231 dst=10.96.0.10 sport=1262 dport=53 src=10.244.1.5 dst=10.200.2.231 sport=5353 dport=1262 [ASSURED] mark=0 use=1';
		const options = await fake(`yes '${line}' | head -n 1000000`);
		const before = process.memoryUsage.rss();
		let count = 0;
		let most = before;
		const start = performance.now();
		const look = () => {
			if (++count % 1_000 === 0) most = Math.max(most, process.memoryUsage.rss());
		};
		expect(await listUdpFlows('ip', ANY, look, 60_000, options)).toEqual({ outcome: 'done' });
		expect(count).toBe(1_000_000);
		const megabytes = (most - before) / 1e6;
		console.info(
			`1,000,000 entries (${line.length} MB): ${Math.round(performance.now() - start)} ms, +${megabytes.toFixed(0)} MB`,
		);
		expect(megabytes).toBeLessThan(100);
	});

	it('ends when its time is over, or the caller gives up', async () => {
		const late = await listUdpFlows('ip', ANY, () => {}, 100, await fake('exec yes'));
		expect(late).toEqual({ outcome: 'failed', reason: 'conntrack took too long and was stopped' });
		const abort = new AbortController();
		setTimeout(() => abort.abort(), 100);
		const options = { ...(await fake('exec yes')), signal: abort.signal };
		const stopped = await listUdpFlows('ip', ANY, () => {}, 10_000, options);
		expect(stopped).toEqual({ outcome: 'failed', reason: 'conntrack was ended by SIGKILL' });
	});
});

describe('conntrack cannot be used (fault 51)', () => {
	it('there is none', async () => {
		const run = await listUdpFlows('ip', ANY, () => {}, 5_000, { ...CONNTRACK, command: ['/nowhere/conntrack'] });
		expect(run).toEqual({ outcome: 'off', reason: 'the program conntrack cannot be run: does not exist' });
	});

	it.each([
		[
			'Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this',
			'sorry, you must be root or get CAP_NET_ADMIN capability to do this',
		],
		['Operation failed: invalid parameters', 'invalid parameters'],
		["Can't open handler", "Can't open handler"],
	])('%s', async (text, reason) => {
		const options = await fake(`echo "conntrack v1.4.7 (conntrack-tools): ${text}" >&2; exit 1`);
		const expected = { outcome: 'off', reason: `conntrack: ${reason}` };
		expect(await listUdpFlows('ip', ANY, () => {}, 5_000, options)).toEqual(expected);
		expect(await forgetUdpFlows('ip', PATTERN, 5_000, options)).toEqual({ ...expected, deleted: 0 });
	});

	it.each(['No buffer space available', 'Interrupted system call', 'Cannot allocate memory'])(
		'only now: %s',
		async (text) => {
			const options = await fake(`echo "conntrack v1.4.7 (conntrack-tools): Operation failed: ${text}" >&2; exit 1`);
			const run = await listUdpFlows('ip', ANY, () => {}, 5_000, options);
			expect(run).toEqual({ outcome: 'failed', reason: `conntrack: ${text}` });
		},
	);
});

describe('deleting flows', () => {
	it('is told which, and counts them', async () => {
		const options = await fake(
			'echo "$@" >> $SEEN; echo udp one; echo udp two; echo "2 flow entries have been deleted." >&2',
		);
		expect(await forgetUdpFlows('ip', PATTERN, 5_000, options)).toEqual({ outcome: 'done', deleted: 2 });
		await forgetUdpFlows('ip', { address: '10.96.0.10', port: 53, reply: null }, 5_000, options);
		await forgetUdpFlows('ip6', { address: null, port: 30053, reply: { address: 'fd00::5', port: 1 } }, 5_000, options);
		expect(await options.seen()).toBe(
			[
				'-D -p udp -f ipv4 --orig-dst 10.96.0.10 --orig-port-dst 53 --reply-src 10.244.1.6 --reply-port-src 5353\n',
				'-D -p udp -f ipv4 --orig-dst 10.96.0.10 --orig-port-dst 53\n',
				'-D -p udp -f ipv6 --orig-port-dst 30053 --reply-src fd00::5 --reply-port-src 1\n',
			].join(''),
		);
	});

	it('has nothing to do where all are gone', async () => {
		const options = await fake(
			'echo "conntrack v1.4.7 (conntrack-tools): 0 flow entries have been deleted." >&2; exit 1',
		);
		expect(await forgetUdpFlows('ip', PATTERN, 5_000, options)).toEqual({ outcome: 'done', deleted: 0 });
	});

	it('goes on after one that vanished', async () => {
		const gone = "conntrack v1.4.7 (conntrack-tools): Operation failed: such conntrack doesn't exist";
		const options = await fake(
			`echo udp; echo >> $SEEN; if [ $(wc -l < $SEEN) -lt 3 ]; then echo "${gone}" >&2; exit 1; fi`,
		);
		expect(await forgetUdpFlows('ip', PATTERN, 5_000, options)).toEqual({ outcome: 'done', deleted: 3 });
		const never = await fake(`echo "${gone}" >&2; exit 1`);
		expect(await forgetUdpFlows('ip', PATTERN, 5_000, never)).toMatchObject({ outcome: 'failed', deleted: 0 });
	});

	it('does not begin when the caller gave up', async () => {
		const options = await fake('echo >> $SEEN');
		const run = await forgetUdpFlows('ip', PATTERN, 5_000, { ...options, signal: AbortSignal.abort() });
		expect(run).toEqual({ outcome: 'failed', reason: 'it was given up', deleted: 0 });
		expect(await options.seen()).toBe('');
	});
});
