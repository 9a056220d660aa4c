import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

// Runs inside a namespace: node connect.ts ADDRESSES-FILE PORT CONNECTIONS
// Connects to one address after another, over and over, and resets each connection once it stands. Prints seconds for all.

const [file = '', port = '', connections = ''] = process.argv.slice(2);
const addresses = readFileSync(file, 'utf8').trim().split('\n');
/** So many are under way at once: both sides always have something to do. */
const PARALLEL = 16;
/** The first ones find caches cold and code not yet compiled. */
const WARM_UP = 500;

function connectOnce(host: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = connect({ host, port: Number(port), family: 4 });
		socket.once('error', reject);
		socket.once('connect', () => {
			// No TIME_WAIT: ports would run out.
			socket.resetAndDestroy();
			resolve();
		});
	});
}

async function connectAll(count: number): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < count) await connectOnce(addresses[next++ % addresses.length] ?? '');
	};
	await Promise.all(Array.from({ length: PARALLEL }, worker));
}

await connectAll(WARM_UP);
const start = process.hrtime.bigint();
await connectAll(Number(connections));
process.stdout.write(`${Number(process.hrtime.bigint() - start) / 1e9}\n`);
