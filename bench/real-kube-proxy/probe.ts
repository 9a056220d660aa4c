import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

// Runs inside a namespace: node probe.ts PORT
// Connects to ClusterIPs, at a port, until what it is asked for holds. Prints a line when it can, then one for each line that it
// reads, which says when that was, by process.hrtime:
//   all FILE             some endpoint has answered at each of the addresses in a file
//   reach ADDRESS WHOM   a given endpoint has answered at an address

const [port = ''] = process.argv.slice(2);
/** So many connections are made at once where one endpoint of several is looked for. */
const PARALLEL = 8;
/** Whoever is measured has the same two cores. */
const PAUSE_MS = 2;
/** Rules that drop what they do not know yet give no answer at all. */
const LIMIT_MS = 200;

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
	const [command, first = '', second = ''] = line.split(' ');
	if (command === 'all') await untilAllAnswer(readFileSync(first, 'utf8').trim().split('\n'));
	else await untilReached(first, second);
	process.stdout.write(`${process.hrtime.bigint()}\n`);
}

async function untilAllAnswer(addresses: readonly string[]): Promise<void> {
	for (const address of addresses) while ((await answerAt(address)) === null) await pause(PAUSE_MS);
}

async function untilReached(address: string, endpoint: string): Promise<void> {
	for (;;) {
		const answers = await Promise.all(Array.from({ length: PARALLEL }, () => answerAt(address)));
		if (answers.includes(endpoint)) return;
		await pause(PAUSE_MS);
	}
}

/** The endpoint that answers; null when none does. */
function answerAt(host: string): Promise<string | null> {
	return new Promise((resolve) => {
		const socket = connect({ host, port: Number(port), family: 4, timeout: LIMIT_MS });
		const end = (answer: string | null) => {
			// No TIME_WAIT: ports would run out.
			socket.resetAndDestroy();
			resolve(answer);
		};
		socket.once('data', (data) => end(data.toString()));
		socket.once('timeout', () => end(null));
		socket.once('error', () => end(null));
		socket.once('end', () => end(null));
	});
}
