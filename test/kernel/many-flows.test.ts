import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { cleanUp } from '../../src/conntrack/clean-up.ts';
import { CONNTRACK, conntrackTable } from '../../src/host/conntrack.ts';
import { udpPort } from '../conntrack/ports.ts';
import { temporaryFolder } from '../support/folder.ts';
import { openNamespace } from './one-namespace.ts';
import { describeKernel } from './requirements.ts';

/** More by `FLOWS=1000000`, with `sysctl net.netfilter.nf_conntrack_max` above that. */
const FLOWS = Number(process.env.FLOWS ?? 50_000);
/** Pods that answer; the first ten of them leave. */
const PODS = 100;

/** Lines for `conntrack --load-file`: nine of ten flows go to the Service, the others to another one. */
function entries(): string {
	const lines = Array.from({ length: FLOWS }, (_, number) => {
		const client = `10.${128 + (number >> 20)}.${(number >> 12) & 255}.${(number >> 4) & 255}`;
		const from = 1024 + (number & 15);
		const to = number % 10 === 9 ? '10.96.0.11' : '10.96.0.10';
		const pod = `10.244.1.${1 + (number % PODS)}`;
		const reply = `-r ${pod} -q ${client} --reply-port-src 5353 --reply-port-dst ${from}`;
		return `-A -t 3000 -u SEEN_REPLY,ASSURED -p udp -s ${client} -d ${to} --sport ${from} --dport 53 ${reply}`;
	});
	return `${lines.join('\n')}\n`;
}

describeKernel(`${FLOWS.toLocaleString('en')} flows of UDP (fault 52)`, () => {
	it('are looked at in little memory, and only those to pods that left are deleted', async () => {
		const space = await openNamespace();
		onTestFinished(space.close);
		const file = join(await temporaryFolder(onTestFinished), 'entries');
		await writeFile(file, entries());
		const command = [...space.options.command.slice(0, -1), 'conntrack'];
		const [program = '', ...before] = command;
		await execa(program, [...before, '--load-file', file]);
		const left = Array.from({ length: PODS - 10 }, (_, index) => `10.244.1.${11 + index}:5353`);

		const started = process.memoryUsage.rss();
		let most = started;
		const watch = setInterval(() => {
			most = Math.max(most, process.memoryUsage.rss());
		}, 5);
		const ports = [udpPort({ serving: new Set(left), nodePort: 30053 })];
		const table = conntrackTable({ ...CONNTRACK, command });
		const request = { family: 'ip', ports, whenNoneServes: 'keep', timeLimit: 120_000 } as const;
		const first = await cleanUp(table, request);
		clearInterval(watch);
		const again = await cleanUp(table, request);

		const stale = (FLOWS / PODS) * 9;
		expect(first).toMatchObject({ outcome: 'done', listed: FLOWS, deleted: Math.floor(stale / 9) * 9 });
		expect(again).toMatchObject({ outcome: 'done', listed: FLOWS - first.deleted, deleted: 0 });
		const { stdout } = await execa(program, [...before, '-C']);
		expect(Number(stdout)).toBe(FLOWS - first.deleted);
		const megabytes = (most - started) / 1e6;
		console.info(
			`${FLOWS} flows, ${first.deleted} stale of 9 pods: ${Math.round(first.milliseconds)} ms, +${megabytes.toFixed(0)} MB;`,
			`nothing stale: ${Math.round(again.milliseconds)} ms`,
		);
		expect(megabytes).toBeLessThan(100);
	});
});
