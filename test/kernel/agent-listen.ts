import { createSocket } from 'node:dgram';
import { createServer, isIPv6, type Socket } from 'node:net';
import type { Answer, Transport } from './messages.ts';

/** An address and port as rulesets write them. */
export function targetText(address: string, port: number): string {
	return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

const listening = new Map<string, Promise<Answer>>();

/**
 * Listens on an address and port. Whoever comes is told which endpoint this is and what source address it came from.
 * Each address gets a socket of its own, because a datagram has to be answered from the address it was sent to.
 */
export function listen(protocol: Transport, address: string, port: number): Promise<Answer> {
	const key = `${protocol} ${targetText(address, port)}`;
	const known = listening.get(key);
	if (known !== undefined) return known;
	const started = protocol === 'tcp' ? listenTcp(address, port) : listenUdp(address, port);
	listening.set(key, started);
	return started;
}

function listenTcp(address: string, port: number): Promise<Answer> {
	const by = targetText(address, port);
	const serve = (socket: Socket) => {
		// Probes end with a reset once they know enough.
		socket.on('error', () => socket.destroy());
		socket.setNoDelay(true);
		socket.write(`${by} ${socket.remoteAddress}\n`);
		socket.pipe(socket);
	};
	return new Promise((resolve) => {
		const server = createServer(serve);
		server.on('error', (error) => resolve({ kind: 'failed', why: error.message }));
		server.listen({ host: address, port, backlog: 511 }, () => resolve({ kind: 'answered', by, source: address }));
	});
}

function listenUdp(address: string, port: number): Promise<Answer> {
	const by = targetText(address, port);
	return new Promise((resolve) => {
		const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
		socket.on('error', (error) => resolve({ kind: 'failed', why: error.message }));
		socket.on('message', (_, from) => socket.send(`${by} ${from.address}\n`, from.port, from.address, () => {}));
		socket.bind({ address, port, exclusive: true }, () => resolve({ kind: 'answered', by, source: address }));
	});
}
