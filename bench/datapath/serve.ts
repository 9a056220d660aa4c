import { createServer } from 'node:net';

// Runs inside a namespace: node serve.ts PORT. Takes connections at every address the namespace has, and says when it can.

const [port = ''] = process.argv.slice(2);
// Clients end connections by a reset.
const server = createServer((socket) => socket.on('error', () => socket.destroy()));
server.listen({ port: Number(port), host: '0.0.0.0', backlog: 4096 }, () => process.stdout.write('ready\n'));
