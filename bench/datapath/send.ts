import { createSocket, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { answerBatches } from './answer-batches.ts';

// Runs inside a namespace: node send.ts ADDRESSES-FILE CLIENT-IP PORT BATCHES PACKETS
// Says that it is ready; then for each line of its input it sends BATCHES of first packets and prints the microseconds per packet of each batch. In each
// batch a new socket sends one datagram to each of the next PACKETS addresses, over and over from the first one. Source port
// and destination together are new each time, so that every datagram is the first packet of a connection.

const [file = '', client = '', port = '', batches = '', packets = ''] = process.argv.slice(2);
const addresses = readFileSync(file, 'utf8').trim().split('\n');
const payload = Buffer.from('x');
let next = 0;

async function open(): Promise<Socket> {
	// Addresses need no lookup; the usual one would cost more than the packet.
	const socket = createSocket({ type: 'udp4', lookup: (name, _options, done) => done(null, name, 4) });
	await new Promise<void>((resolve) => socket.bind({ address: client }, resolve));
	return socket;
}

function sendAll(socket: Socket, targets: readonly string[]): Promise<void> {
	return new Promise((resolve, reject) => {
		let left = targets.length;
		const done = (error: Error | null) => {
			if (error !== null) reject(error);
			else if (--left === 0) resolve();
		};
		for (const address of targets) socket.send(payload, Number(port), address, done);
	});
}

async function batch(): Promise<number> {
	const socket = await open();
	const targets = Array.from({ length: Number(packets) }, () => addresses[next++ % addresses.length] ?? '');
	const start = process.hrtime.bigint();
	await sendAll(socket, targets);
	const microseconds = Number(process.hrtime.bigint() - start) / 1000;
	socket.close();
	return microseconds / targets.length;
}

await answerBatches(Number(batches), batch);
