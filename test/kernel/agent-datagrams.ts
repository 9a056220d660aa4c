import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Answer, Target } from './messages.ts';

/** UDP sockets that are kept, by the number the asker gave them: all their datagrams are of one flow. */
const sockets = new Map<number, Socket>();

/** Sends a datagram from a kept socket, which is made for the first of them, and tells who answers. */
export async function sendFrom(number: number, target: Target): Promise<Answer> {
	const socket = sockets.get(number) ?? (await connected(target));
	sockets.set(number, socket);
	return new Promise((resolve) => {
		const done = (answer: Answer) => {
			clearTimeout(timer);
			socket.removeAllListeners('message');
			socket.removeAllListeners('error');
			socket.on('error', () => {});
			resolve(answer);
		};
		const timer = setTimeout(() => done({ kind: 'silence' }), target.timeout);
		socket.on('message', (data) => {
			const [by = '', source = ''] = String(data).trim().split(' ');
			done({ kind: 'answered', by, source });
		});
		socket.on('error', (error) => {
			const refused = 'code' in error && error.code === 'ECONNREFUSED';
			done(refused ? { kind: 'refused' } : { kind: 'failed', why: error.message });
		});
		socket.send('who is there?');
	});
}

function connected({ address, port, source }: Target): Promise<Socket> {
	const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
	return new Promise((resolve, reject) => {
		socket.once('error', reject);
		const connect = () =>
			socket.connect(port, address, () => {
				socket.removeAllListeners('error');
				resolve(socket);
			});
		if (source === null) connect();
		else socket.bind({ address: source, exclusive: true }, connect);
	});
}
