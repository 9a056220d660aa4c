import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nftGen } from './cli.ts';
import { endpoint, node, service, slice } from './objects.ts';
import { type Repository, repository } from './repository.ts';

// A repository as most are: Services and a Deployment, no slices, no Nodes, nothing that the API server assigns. What is in
// the cluster was captured.

/** A Service as people write it. */
function manifest(name: string, spec: readonly string[]): string {
	const lines = ['apiVersion: v1', 'kind: Service', 'metadata:', `  name: ${name}`, '  namespace: shop', 'spec:'];
	const ports = [
		'  selector:',
		`    app: ${name}`,
		'  ports:',
		'    - name: http',
		'      port: 80',
		'      targetPort: 8080',
	];
	return [...lines, ...spec.map((line) => `  ${line}`), ...ports, ''].join('\n');
}

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: mail
  namespace: shop
spec:
  replicas: 3
  selector:
    matchLabels:
      app: mail
  template:
    metadata:
      labels:
        app: mail
    spec:
      containers:
        - name: mail
          image: example.org/mail
`;

/** The manifests before the change. */
export const BEFORE: Readonly<Record<string, string>> = {
	'deploy/web.yaml': manifest('web', []),
	'deploy/admin.yaml': manifest('admin', ['type: ClusterIP']),
	'deploy/edge.yaml': manifest('edge', ['type: LoadBalancer', 'externalTrafficPolicy: Local']),
	'deploy/catalog.yaml': manifest('catalog', []),
	'deploy/mail.yaml': `${manifest('mail', [])}---\n${DEPLOYMENT}`,
};

/** One mistake and four changes that are meant. */
export const AFTER: Readonly<Record<string, string>> = {
	'deploy/web.yaml': (BEFORE['deploy/web.yaml'] ?? '').replace('app: web', 'app: webb'),
	'deploy/admin.yaml': (BEFORE['deploy/admin.yaml'] ?? '').replace('ClusterIP', 'NodePort'),
	'deploy/edge.yaml': (BEFORE['deploy/edge.yaml'] ?? '').replace('Local', 'Cluster'),
	'deploy/catalog.yaml': manifest('catalog', ['trafficDistribution: PreferClose']),
	'deploy/mail.yaml': (BEFORE['deploy/mail.yaml'] ?? '').replace('replicas: 3', 'replicas: 2'),
};

const NAMES = Object.keys(BEFORE).map((file) => file.replace(/^deploy\/|\.yaml$/g, ''));

/** What runs: four nodes in two zones, three Pods behind each Service. */
function cluster(): readonly unknown[] {
	const nodes = [1, 2, 3, 4].map((number) => node(number, number < 3 ? 'eu-1a' : 'eu-1b'));
	const services = NAMES.map((name, index) => {
		const balanced = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };
		const port = {
			name: 'http',
			protocol: 'TCP',
			port: 80,
			targetPort: 8080,
			...(name === 'edge' ? { nodePort: 31080 } : {}),
		};
		const spec = { ...(name === 'edge' ? balanced : {}), selector: { app: name }, ports: [port] };
		const ingress = name === 'edge' ? [{ ip: '198.51.100.7' }] : [];
		return service(name, [`10.96.0.${10 + index}`], { spec, status: { loadBalancer: { ingress } } });
	});
	const placed = NAMES.flatMap((name, index) =>
		[1, 2, 3].map((number) => ({ name, number, ip: `10.244.${number}.${10 + index}` })),
	);
	const pods = placed.map(({ name, number, ip }) => ({
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name: `${name}-${number}`, namespace: 'shop', labels: { app: name } },
		spec: { nodeName: `n${number}` },
		status: { phase: 'Running', podIPs: [{ ip }], conditions: [{ type: 'Ready', status: 'True' }] },
	}));
	const slices = NAMES.map((name) =>
		slice(
			name,
			placed
				.filter((each) => each.name === name)
				.map(({ number, ip }) =>
					endpoint({
						address: ip,
						node: `n${number}`,
						pod: `shop/${name}-${number}`,
						zone: number < 3 ? 'eu-1a' : 'eu-1b',
					}),
				),
		),
	);
	return [...nodes, ...services, ...pods, ...slices];
}

/** A repository with the change committed on a branch, and the capture beside it, `cluster.json.gz`. */
export async function pullRequest(onTestFinished: (clean: () => Promise<void>) => void): Promise<Repository> {
	const found = await repository(onTestFinished);
	found.commit(BEFORE);
	found.git('checkout', '--quiet', '-b', 'change');
	found.commit(AFTER);
	writeFileSync(
		join(found.folder, 'cluster.json'),
		JSON.stringify({ kind: 'List', apiVersion: 'v1', items: cluster() }),
	);
	const { code, stderr } = await nftGen(['capture', '-f', 'cluster.json', '-o', 'cluster.json.gz'], {
		cwd: found.folder,
	});
	if (code !== 0) throw new Error(stderr);
	return found;
}
