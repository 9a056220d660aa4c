import { createInterface } from 'node:readline';
import { service } from './objects.ts';
import { startStandIn } from './stand-in-api-server.ts';

// A stand-in in a process of its own, on the address it is told, for tests that cut the network between: prints its URL,
// then puts a Service for every name it reads.

const server = await startStandIn({ host: process.argv[2] ?? '127.0.0.1' });
server.put(service('web', ['10.96.0.20']));
process.stdout.write(`${server.url}\n`);
for await (const name of createInterface({ input: process.stdin })) server.put(service(name, ['10.96.0.30']));
await server.close();
