import { execFileSync } from 'node:child_process';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { endpoint, service, slice } from '../support/objects.ts';
import { describeLab, type Lab } from './lab.ts';
import { type ClientName, cluster, PLANS, type Plan } from './plan.ts';

/** Not every machine has ping; nothing but these few tests needs it. */
function hasPing(): boolean {
	try {
		execFileSync('ping', ['-V'], { stdio: 'ignore' });
		return true;
	} catch {
		process.stderr.write('the kernel tests that ping are skipped: the program ping is missing\n');
		return false;
	}
}

type Echo = 'answered' | 'unreachable' | 'silence';

async function ping(lab: Lab, plan: Plan, from: ClientName, address: string): Promise<Echo> {
	const { place, source } = plan.client(from);
	const sourceOption = source === null ? [] : ['-I', source];
	const command = ['ping', '-c', '1', '-W', '1', ...sourceOption, address];
	const { exitCode, stdout } = await execa('ip', ['netns', 'exec', lab.namespaces[place], ...command], {
		reject: false,
	});
	if (exitCode === 0) return 'answered';
	return /unreachable/i.test(stdout) ? 'unreachable' : 'silence';
}

describeLab('ping', (lab) => {
	describe.skipIf(!hasPing()).each(PLANS)('$name', (plan) => {
		it('a ClusterIP is unreachable, an address that no Service has is silent, pods and the node answer', async () => {
			const web = service('web', [plan.clusterIp(20)]);
			await lab().load([...cluster(), web, slice('web', [endpoint({ address: plan.pod(1, 5), node: 'n1' })])]);
			const rows: readonly (readonly [ClientName, string, Echo])[] = [
				['pod', plan.clusterIp(20), 'unreachable'],
				['elsewhere', plan.clusterIp(20), 'unreachable'],
				['outside', plan.clusterIp(20), 'unreachable'],
				['pod', plan.clusterIp(99), 'silence'],
				['outside', plan.clusterIp(99), 'silence'],
				['node', plan.clusterIp(99), 'silence'],
				['outside', plan.node(1), 'answered'],
				['outside', plan.pod(1, 5), 'answered'],
				['pod', plan.pod(2, 5), 'answered'],
				['node', plan.pod(1, 5), 'answered'],
			];
			const found = await Promise.all(
				rows.map(async ([from, to]) => [from, to, await ping(lab(), plan, from, to)] as const),
			);
			expect(found).toEqual(rows);
		});
	});
});
