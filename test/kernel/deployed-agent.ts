import { BASE } from '../deploy/manifests.ts';
import type { ControlPlane } from '../support/control-plane.ts';
import { type RunningAgent, runAgent, until } from './agent-run.ts';
import type { Lab } from './lab.ts';

/** Applies deploy/ and starts the agent as its ServiceAccount, without a pause between synchronisations. @param folder for its files */
export async function deployAgent(plane: ControlPlane, lab: Lab, folder: string): Promise<RunningAgent> {
	await plane.kubectl(['apply', '--server-side', '-k', BASE]);
	const token = await plane.kubectl(['-n', 'kube-system', 'create', 'token', 'nft-gen']);
	const kubeconfig = await plane.kubeconfigFor(token);
	return runAgent(lab.namespaces.node, { kubeconfig }, folder, ['--min-sync-period', '0']);
}

/** Waits until the IPv4 cluster chain of a service port leads to these targets and no others. @param port `NAMESPACE/SERVICE/PORT` */
export async function untilLeadsTo(lab: Lab, port: string, targets: readonly string[]): Promise<void> {
	const name = `cluster/${port}`;
	await until(`${name} leads to ${targets.join(' and ')}`, async () => {
		const chain = await lab.run('nft', ['list', 'chain', 'ip', 'nft-gen', name]).catch(() => '');
		return [...chain.matchAll(/dnat to (\S+)/g)].map(([, target]) => target).join() === targets.join();
	});
}
