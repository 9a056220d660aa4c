import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { floorRuleset } from '../../bench/floor/ruleset.ts';
import { kubeProxyRuleset } from '../../bench/kube-proxy/ruleset.ts';
import { removeLoaded } from '../../bench/measure/load.ts';
import { createNamespaces } from '../../bench/measure/namespaces.ts';
import { SETTINGS } from '../../bench/settings.ts';
import { POD_NETWORK } from '../../bench/state/address-plan.ts';
import { clusterList, plainShape } from '../../bench/state/state.ts';
import { compile } from '../../src/compile/compile.ts';
import { intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { nodeView } from '../../src/view/node-view.ts';
import { describeKernel } from '../kernel/requirements.ts';
import { PROGRAM } from '../support/cli.ts';
import { compiled, rendered } from '../support/compiled.ts';
import { ownProcessorTime, processorTime } from './processor-time.ts';

// Never seconds, only ratios of processor time, and of each the least of several: others may be at work here. Measured are
// ratios of runs on two cores with a load of 6 to 14. The bounds are far from them: they catch what grows with the square of
// what it is given, not a loss of a tenth.
const ROUNDS = 3;
const SERVICES = 2_000;
/** Measured are 3.7 to 4.2; a layout as quadratic as theirs has 1. */
const LEAST_TIMES_FASTER = 2;
/** Measured are 1.5 to 2.2; kube-proxy's shape has 6 to 9. */
const MOST_TIMES_THE_FLOOR = 3.5;
/** Measured are 3.7 to 4.2; kube-proxy's shape has 19. */
const MOST_GROWTH_OF_FOURFOLD = 8;
/** Measured are 1.2 to 1.5, in several threads. Comparing all of the 30,000 endpoints with each other would show. */
const MOST_OF_LOAD_WHOLE = 4;
/** Measured are 0.14 to 0.21. The same would show more, as nothing is read; comparing all Services with each other would not. */
const MOST_OF_LOAD_ALONE = 0.6;

describeKernel('what the program costs, for 2,000 Services', () => {
	const namespaces = createNamespaces();
	const folder = mkdtempSync(join(tmpdir(), 'nftgen-test-'));

	afterAll(() => {
		namespaces.clear();
		rmSync(folder, { recursive: true });
	});

	function file(name: string, text: string): string {
		const path = join(folder, name);
		writeFileSync(path, text);
		return path;
	}

	/** A measure of how long it takes to load a text. */
	function loading(name: string, text: string): Measure {
		const path = file(name, text);
		return async () => {
			const namespace = namespaces.add();
			try {
				return await processorTime('ip', 'netns', 'exec', namespace, 'nft', '-f', path);
			} finally {
				removeLoaded(namespaces, namespace);
			}
		};
	}

	it("is a load that is faster than one of kube-proxy's shape, and not much slower than the fewest rules that could serve", async () => {
		const { list, state } = madeUp(SERVICES, 2);
		const podNetwork = POD_NETWORK;
		const [ours = 0, theirs = 0, floor = 0] = await least([
			loading('ours.nft', compiled([list]).text),
			loading('theirs.nft', kubeProxyRuleset(state, { node: 'n1', podNetwork, release: '1.36' })),
			loading('floor.nft', floorRuleset(state, { podNetwork })),
		]);
		expect(theirs / ours).toBeGreaterThan(LEAST_TIMES_FASTER);
		expect(ours / floor).toBeLessThan(MOST_TIMES_THE_FLOOR);
	});

	it('is a load that takes about four times as long for four times the Services', async () => {
		const text = (services: number) => compiled([madeUp(services, 2).list]).text;
		const [single = 0, fourfold = 0] = await least([
			loading('single.nft', text(SERVICES)),
			loading('fourfold.nft', text(SERVICES * 4)),
		]);
		expect(fourfold / single).toBeLessThan(MOST_GROWTH_OF_FOURFOLD);
	});

	it('is a rendering that takes no more than a few times the load of it, and a part of it from the cluster in memory on', async () => {
		const { list, state } = madeUp(SERVICES, 15);
		const input = file('state.json', JSON.stringify(list));
		const [loaded = 0, whole = 0, alone = 0] = await least([
			loading('rendered.nft', compiled([list]).text),
			() => processorTime(process.execPath, PROGRAM, 'render', '--node', 'n1', '-f', input),
			async () =>
				ownProcessorTime(() => {
					const { view } = nodeView(state, SETTINGS);
					if (view === null) throw new Error('the made-up cluster lacks the node');
					rendered(compile(view));
				}),
		]);
		expect(whole / loaded).toBeLessThan(MOST_OF_LOAD_WHOLE);
		expect(alone / loaded).toBeLessThan(MOST_OF_LOAD_ALONE);
	});
});

/** Measures something once, in seconds. */
type Measure = () => Promise<number>;

/** The least of several measures of each, taken in turn. */
async function least(measures: readonly Measure[]): Promise<readonly number[]> {
	const seconds = measures.map(() => Number.POSITIVE_INFINITY);
	for (let round = 0; round < ROUNDS; round++) {
		for (const [index, measure] of measures.entries()) {
			seconds[index] = Math.min(seconds[index] ?? Number.POSITIVE_INFINITY, await measure());
		}
	}
	return seconds;
}

function madeUp(services: number, endpoints: number) {
	const list = clusterList(plainShape(services, endpoints));
	return { list, state: intake([{ file: 'made-up', index: 0, value: list }], NEWEST_BEHAVIOUR).state };
}
