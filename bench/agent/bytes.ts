import { builtInTemplates } from '../../src/cli/built-in-templates.ts';
import { compileNode } from '../../src/pipeline.ts';
import { render } from '../../src/render/render.ts';
import { showBy } from '../../src/render/templates.ts';
import { removeLoaded } from '../measure/load.ts';
import { SETTINGS } from '../settings.ts';
import { seededRandom } from '../state/random.ts';
import type { Workshop } from '../workshop.ts';
import { changingCluster, listEvents, putEvent } from './cluster.ts';
import { startFollower } from './follower.ts';

/** How large a transaction is against what changes. */
export interface Bytes {
	readonly services: number;
	/** of the transactions of some changed slices */
	readonly transaction: number;
	/** of the lines of the ruleset that these take away and those that they bring */
	readonly lines: number;
}

/** For each of them the whole ruleset is rendered. */
const CHANGES = 8;

/** Compares transactions with what `diff` would show of the rendered rulesets. */
export async function transactionBytes(workshop: Workshop, services: number): Promise<Bytes> {
	const namespace = workshop.namespaces.add();
	const follower = await startFollower(namespace);
	const show = showBy(await builtInTemplates());
	const linesOf = (objects: readonly unknown[]) => {
		const documents = objects.map((value, index) => ({ file: 'made-up', index, value }));
		const { ruleset } = compileNode(documents, SETTINGS);
		if (ruleset === null) throw new Error('the made-up cluster has no ruleset');
		return render(ruleset, show).split('\n');
	};
	try {
		const cluster = changingCluster(services, seededRandom(2));
		await follower.begin(() => {
			for (const event of listEvents(cluster.objects())) follower.agent.onEvent(event);
			follower.agent.onSynced();
		});
		const sum = { transaction: 0, lines: 0 };
		let before = linesOf(cluster.objects());
		for (let number = 0; number < CHANGES; number++) {
			const event = putEvent(cluster.change().slice);
			const { texts } = await follower.begin(() => follower.agent.onEvent(event));
			sum.transaction += Buffer.byteLength(texts.join(''));
			const after = linesOf(cluster.objects());
			sum.lines += changedBytes(before, after);
			before = after;
		}
		return { services, transaction: sum.transaction / CHANGES, lines: sum.lines / CHANGES };
	} finally {
		await follower.end();
		removeLoaded(workshop.namespaces, namespace);
	}
}

/** Of the lines that are in one text and not in the other, however they are ordered. */
export function changedBytes(before: readonly string[], after: readonly string[]): number {
	const counts = new Map<string, number>();
	for (const line of after) counts.set(line, (counts.get(line) ?? 0) + 1);
	for (const line of before) counts.set(line, (counts.get(line) ?? 0) - 1);
	return [...counts].reduce((sum, [line, count]) => sum + Math.abs(count) * (Buffer.byteLength(line) + 1), 0);
}
