import { createInterface } from 'node:readline';
import { startStandIn } from '../../test/support/stand-in-api-server.ts';
import { changingCluster } from '../agent/cluster.ts';
import { seededRandom } from '../state/random.ts';

// Runs inside a namespace: node api-server.ts ADDRESS SERVICES
// The API server of a made-up cluster, whose slices change one by one. Prints its URL, then a line for each line that it reads:
//   choose   a ClusterIP, and the address of a new endpoint that it will have
//   put      when it began to tell that to all who watch, by process.hrtime

const [host = '', services = ''] = process.argv.slice(2);
const cluster = changingCluster(Number(services), seededRandom(4));
const server = await startStandIn({ host });
server.put(...cluster.objects());
process.stdout.write(`${server.url}\n`);

let chosen: readonly Readonly<Record<string, unknown>>[] = [];
for await (const command of createInterface({ input: process.stdin })) {
	if (command === 'choose') {
		const changed = cluster.change();
		chosen = [changed.slice];
		process.stdout.write(`${clusterIpOf(changed.slice)} ${changed.address}\n`);
	} else {
		const now = process.hrtime.bigint();
		server.put(...chosen);
		process.stdout.write(`${now}\n`);
	}
}
await server.close();

function clusterIpOf({ metadata }: Readonly<Record<string, unknown>>): string {
	const { namespace, labels } = Object(metadata);
	const service = cluster.objects().find((object) => {
		const { namespace: within, name } = Object(object.metadata);
		return object.kind === 'Service' && within === namespace && name === labels['kubernetes.io/service-name'];
	});
	return String(Object(service?.spec).clusterIP);
}
