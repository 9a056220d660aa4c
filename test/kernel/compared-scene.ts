import { execa } from 'execa';
import { fractionText } from '../../src/trace/fraction.ts';
import { type Lab, openLab } from './lab.ts';
import { withNodeAddresses } from './node-addresses.ts';
import { observeFlows } from './observed-flows.ts';
import type { Flow } from './random-flows.ts';
import { flowText, type Scene } from './random-scenes.ts';
import { homeOf } from './random-senders.ts';
import { type Traced, traceFlow } from './traced-flows.ts';

/** What nobody in a lab has, and what rules should not let out: ClusterIPs, external addresses. */
const STRAY_NETWORKS = ['10.96.0.0/16', '198.51.100.0/24', 'fd00:10:96::/112', '2001:db8::/64'];

/** A lab where packets that the rules leave alone are answered too: all that is nobody's is outside. */
export async function openTracerLab(): Promise<Lab> {
	const lab = await openLab();
	for (const network of STRAY_NETWORKS) {
		const family = network.includes(':') ? '-6' : '-4';
		await execa('ip', ['-n', lab.namespaces.outside, family, 'route', 'add', 'local', network, 'dev', 'lo']);
	}
	return lab;
}

/** What the tracer and the kernel tell of a flow; the text has both, and the tracer's way there. */
export interface Compared {
	readonly traced: Traced;
	readonly agrees: boolean;
	readonly text: string;
}

/** Loads a scene, sends packets for each of its flows, and compares with what the tracer says. */
export async function compareScene(lab: Lab, { objects, settings, bound, flows }: Scene): Promise<readonly Compared[]> {
	const compared: Compared[] = [];
	await withNodeAddresses(lab, bound, async () => {
		const { ruleset } = await lab.load(objects, settings);
		await Promise.all(flows.map((flow) => listenAtDestination(lab, flow, bound)));
		const traced = flows.map((flow) => traceFlow(ruleset, flow, bound));
		const observed = await observeFlows(lab, ruleset, traced, bound);
		compared.push(...traced.map((each) => compare(each, observed.get(each.flow) ?? new Set())));
	});
	return compared;
}

async function listenAtDestination(lab: Lab, { plan, to }: Flow, bound: readonly string[]): Promise<void> {
	const answer = await lab.ask(homeOf(plan, to.address, bound), { ask: 'listen', ...to });
	if (answer.kind !== 'answered') throw new Error(`nobody can listen on ${to.address}: ${answer.kind}`);
}

function compare(traced: Traced, observed: ReadonlySet<string>): Compared {
	const kernel = [...observed].sort().join(', ');
	const tracer = [...traced.expected.keys()].sort().join(', ');
	const ways = traced.outcomes.map(({ probability, steps }) => {
		const way = steps.map((step) => `${step.chain}: ${step.did}`).join('; ');
		return `    ${fractionText(probability)} by ${way === '' ? 'no rule' : way}`;
	});
	const text = [flowText(traced.flow), `  kernel: ${kernel}`, `  tracer: ${tracer}`, ...ways].join('\n');
	return { traced, agrees: kernel === tracer, text };
}
