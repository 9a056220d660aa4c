import { createSocket } from 'node:dgram';
import { createServer, isIPv6, type Socket } from 'node:net';
import { socketText } from '../../model/ip.ts';
import type { Listener, ProbeAnswer } from '../../model/probe.ts';

type Place = Pick<Listener, 'protocol' | 'address' | 'port'>;

/**
 * Listens on an address and port. Whoever comes is told where it is and from what address it came. Each address has a
 * socket of its own, because a datagram has to be answered from the address it was sent to.
 */
export function listen(place: Place): Promise<ProbeAnswer> {
	return place.protocol === 'tcp' ? listenTcp(place) : listenUdp(place);
}

function listenTcp({ address, port }: Place): Promise<ProbeAnswer> {
	const by = socketText(address, port);
	const serve = (socket: Socket) => {
		// Probes end with a reset once they know enough.
		socket.on('error', () => socket.destroy());
		socket.setNoDelay(true);
		socket.write(`${by} ${socket.remoteAddress}\n`);
	};
	return new Promise((resolve) => {
		const server = createServer(serve);
		server.on('error', (error) => resolve({ kind: 'failed', why: error.message }));
		server.listen({ host: address, port, backlog: 511 }, () => resolve({ kind: 'answered', by, source: address }));
	});
}

function listenUdp({ address, port }: Place): Promise<ProbeAnswer> {
	const by = socketText(address, port);
	return new Promise((resolve) => {
		const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
		socket.on('error', (error) => resolve({ kind: 'failed', why: error.message }));
		socket.on('message', (_, from) => socket.send(`${by} ${from.address}\n`, from.port, from.address, () => {}));
		socket.bind({ address, port, exclusive: true }, () => resolve({ kind: 'answered', by, source: address }));
	});
}
