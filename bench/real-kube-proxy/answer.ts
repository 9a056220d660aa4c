import { createServer } from 'node:net';

// Runs inside a namespace: node answer.ts PORT
// Takes connections at every address the namespace has and says on each which one that is. Prints a line when it can.

const [port = ''] = process.argv.slice(2);
const server = createServer((socket) => {
	// Clients end connections by a reset.
	socket.on('error', () => socket.destroy());
	socket.write(String(socket.localAddress));
});
server.listen({ port: Number(port), host: '0.0.0.0', backlog: 4096 }, () => process.stdout.write('ready\n'));
// It ends with whoever started it.
process.stdin.on('end', () => process.exit()).resume();
