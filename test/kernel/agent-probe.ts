import { createSocket } from 'node:dgram';
import { connect, isIPv6, type Socket } from 'node:net';
import type { Answer, Target } from './messages.ts';

const SILENCE: Answer = { kind: 'silence' };

/** Opens a connection or sends a datagram, and tells what became of it. */
export async function probe(target: Target): Promise<Answer> {
	if (target.protocol === 'udp') return probeUdp(target);
	const { answer, socket } = await greeted(target);
	// A reset leaves no socket behind that waits out its time and holds the port.
	socket.resetAndDestroy();
	return answer;
}

const connections = new Map<number, Socket>();

/** Opens a TCP connection and keeps it. */
export async function openConnection(number: number, target: Target): Promise<Answer> {
	const { answer, socket } = await greeted(target);
	connections.set(number, socket);
	return answer;
}

/** Sends a line over a kept connection: answered when it comes back, refused when the connection is gone. */
export function echo(number: number, timeout: number): Promise<Answer> {
	const socket = connections.get(number);
	if (socket === undefined || socket.destroyed) return Promise.resolve({ kind: 'refused' });
	return new Promise((resolve) => {
		const done = (answer: Answer) => {
			clearTimeout(timer);
			socket.off('data', onData);
			socket.off('close', onClose);
			resolve(answer);
		};
		const onData = () => done({ kind: 'answered', by: String(number), source: socket.localAddress ?? '' });
		const onClose = () => done({ kind: 'refused' });
		const timer = setTimeout(() => done(SILENCE), timeout);
		socket.once('data', onData);
		socket.once('close', onClose);
		socket.write('still there?\n');
	});
}

/** Ends a kept connection. */
export function closeConnection(number: number): Promise<Answer> {
	connections.get(number)?.resetAndDestroy();
	connections.delete(number);
	return Promise.resolve(SILENCE);
}

/** Connects and waits for the line by which endpoints greet. */
function greeted(target: Target): Promise<{ answer: Answer; socket: Socket }> {
	const source = target.source === null ? {} : { localAddress: target.source };
	const socket = connect({ host: target.address, port: target.port, ...source });
	return new Promise((resolve) => {
		const done = (answer: Answer) => {
			clearTimeout(timer);
			resolve({ answer, socket });
		};
		const timer = setTimeout(() => done(SILENCE), target.timeout);
		let received = '';
		const onData = (data: Buffer) => {
			received += data;
			if (!received.endsWith('\n')) return;
			socket.off('data', onData);
			done(greeting(received));
		};
		socket.setNoDelay(true);
		socket.on('data', onData);
		socket.on('error', (error) => done(failure(error)));
		socket.on('close', () => done({ kind: 'failed', why: 'closed without a greeting' }));
	});
}

function probeUdp({ address, port, source, timeout }: Target): Promise<Answer> {
	const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
	return new Promise((resolve) => {
		const done = (answer: Answer) => {
			clearTimeout(timer);
			socket.removeAllListeners();
			socket.on('error', () => {});
			socket.close();
			resolve(answer);
		};
		const timer = setTimeout(() => done(SILENCE), timeout);
		socket.on('message', (data) => done(greeting(String(data))));
		socket.on('error', (error) => {
			if (!isDroppedOnTheWayOut(error)) done(failure(error));
		});
		// Only a connected socket is told of ICMP errors.
		const send = () => socket.connect(port, address, () => socket.send('who is there?'));
		if (source === null) send();
		else socket.bind({ address: source, exclusive: true }, send);
	});
}

/** The kernel tells a sender on the node itself that the packet was dropped or rejected; which of them shows later, or never. */
function isDroppedOnTheWayOut(error: Error): boolean {
	return 'code' in error && error.code === 'EPERM';
}

function greeting(line: string): Answer {
	const [by = '', source = ''] = line.trim().split(' ');
	return { kind: 'answered', by, source };
}

function failure(error: Error): Answer {
	if ('code' in error && error.code === 'ECONNREFUSED') return { kind: 'refused' };
	return { kind: 'failed', why: error.message };
}
