import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { answerBatches } from './answer-batches.ts';

// Runs inside a namespace: node connect.ts ADDRESSES-FILE PORT BATCHES CONNECTIONS
// Says that it is ready; then for each line of its input it makes BATCHES of connections and prints the microseconds per
// connection of each batch. A batch connects to the next CONNECTIONS addresses, one after another and over and over from the
// first one, and resets each connection once it stands.

const [file = '', port = '', batches = '', connections = ''] = process.argv.slice(2);
const addresses = readFileSync(file, 'utf8').trim().split('\n');
let next = 0;

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

async function batch(): Promise<number> {
	const start = process.hrtime.bigint();
	for (let count = 0; count < Number(connections); count++) {
		await connectOnce(addresses[next++ % addresses.length] ?? '');
	}
	return Number(process.hrtime.bigint() - start) / 1000 / Number(connections);
}

await answerBatches(Number(batches), batch);
