import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import type { Probe, ProbeAnswer } from '../../model/probe.ts';
import { DATAGRAM } from './messages.ts';

type Sent = Omit<Probe, 'from'>;

const SILENCE: ProbeAnswer = { kind: 'silence' };

/** Opens a connection or sends a datagram, and tells what became of it. */
export function sendProbe(probe: Sent): Promise<ProbeAnswer> {
	return probe.protocol === 'udp' ? sendDatagram(probe) : openConnection(probe);
}

function openConnection({ address, port, source, patience }: Sent): Promise<ProbeAnswer> {
	const socket = connect({ host: address, port, localAddress: source });
	return new Promise((resolve) => {
		const done = (answer: ProbeAnswer) => {
			clearTimeout(timer);
			resolve(answer);
			// A reset leaves no socket behind that waits out its time and holds the port.
			socket.resetAndDestroy();
		};
		const timer = setTimeout(() => done(SILENCE), patience);
		let received = '';
		socket.on('data', (data) => {
			received += data;
			if (received.endsWith('\n')) done(greeting(received));
		});
		socket.on('error', (error) => done(failure(error)));
		socket.on('close', () => done({ kind: 'failed', why: 'closed without a greeting' }));
	});
}

/** When a datagram is sent again, in milliseconds: its answer may be lost where many are on the way. TCP does that by itself. */
const AGAIN = [100, 300, 1_000];

function sendDatagram({ address, port, source, patience }: Sent): Promise<ProbeAnswer> {
	const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
	return new Promise((resolve) => {
		const timers: NodeJS.Timeout[] = [];
		const done = (answer: ProbeAnswer) => {
			for (const timer of timers) clearTimeout(timer);
			socket.removeAllListeners();
			socket.on('error', () => {});
			socket.close();
			resolve(answer);
		};
		const send = () => socket.send(DATAGRAM);
		socket.on('message', (data) => done(greeting(String(data))));
		socket.on('error', (error) => {
			if (!isDroppedOnTheWayOut(error)) done(failure(error));
		});
		timers.push(setTimeout(() => done(SILENCE), patience));
		// Only a connected socket is told of ICMP errors.
		socket.bind({ address: source, exclusive: true }, () =>
			socket.connect(port, address, () => {
				send();
				timers.push(...AGAIN.filter((delay) => delay < patience).map((delay) => setTimeout(send, delay)));
			}),
		);
	});
}

/** The kernel tells a sender on the node itself that the packet was dropped or rejected; which of them shows later, or never. */
function isDroppedOnTheWayOut(error: Error): boolean {
	return 'code' in error && error.code === 'EPERM';
}

function greeting(line: string): ProbeAnswer {
	const [by = '', source = ''] = line.trim().split(' ');
	return { kind: 'answered', by, source };
}

function failure(error: Error): ProbeAnswer {
	if ('code' in error && error.code === 'ECONNREFUSED') return { kind: 'refused' };
	return { kind: 'failed', why: error.message };
}
