import { connect, type Socket } from 'node:net';

/** Opens a connection and settles when it stands. */
export function connected(port: number, host = '127.0.0.1'): Promise<Socket> {
	return new Promise((resolve, reject) => {
		const socket = connect(port, host, () => resolve(socket));
		socket.on('error', reject);
	});
}

/** Everything that comes until the other side ends the connection. */
export function untilEnd(socket: Socket): Promise<string> {
	return new Promise((resolve) => {
		const chunks: Buffer[] = [];
		socket.on('data', (chunk) => chunks.push(chunk));
		socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
		socket.on('error', () => {});
	});
}

/** What a server answers, byte for byte but for the date. The connection is not kept. */
export async function rawAnswer(port: number, head: string, host = '127.0.0.1'): Promise<string> {
	const socket = await connected(port, host);
	const answer = untilEnd(socket);
	socket.write(`${head}\r\nHost: x\r\nConnection: close\r\n\r\n`);
	return (await answer).replace(/Date: [^\r]* GMT/, 'Date: NOW');
}

/** Whether a connection is refused. */
export async function isClosed(port: number, host = '127.0.0.1'): Promise<boolean> {
	try {
		(await connected(port, host)).destroy();
		return false;
	} catch {
		return true;
	}
}
