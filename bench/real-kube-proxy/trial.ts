import { mkdtempSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Peaks } from '../measure/memory.ts';
import type { Workshop } from '../workshop.ts';
import type { Contestant } from './contestants.ts';
import { makeNftShim } from './nft-shim.ts';
import { startProxy } from './proxy.ts';
import { openScene, type Scene } from './scene.ts';

/** What one proxy took, from its start to its end. */
export interface Trial {
	readonly start: Phase;
	readonly changes: Phase;
}

/** A part of a trial. */
export interface Phase {
	/** of the start one, until everything answers; of changes one for each */
	readonly seconds: readonly number[];
	/** given to nft, of each of them */
	readonly bytes: number;
	readonly memory: Peaks;
}

/** What is left to do once everything answers, such as the second family, belongs to the start. */
const SETTLE_MS = 3_000;
const BETWEEN_CHANGES_MS = 250;
/** So many more are made whose bytes are counted, which takes time that is not theirs. */
const COUNTED = 4;

/** Lets a proxy program a node without rules, then replaces endpoints one at a time. */
export async function trial(
	workshop: Workshop,
	contestant: Contestant,
	services: number,
	changes: number,
): Promise<Trial> {
	const shim = makeNftShim(mkdtempSync(workshop.file('shim-')));
	const scene = await openScene(workshop, services);
	try {
		const programmed = scene.programmed();
		// A proxy that fails is told of below.
		programmed.catch(() => {});
		shim.keep();
		const proxy = startProxy(scene.node, contestant.command(scene.server), shim.folder);
		try {
			const end = await proxy.during(programmed);
			await pause(SETTLE_MS);
			const start = { seconds: [Number(end - proxy.started) / 1e9], bytes: shim.takeBytes(), memory: proxy.memory() };
			const seconds = await proxy.during(changesOf(scene, changes));
			shim.keep();
			await proxy.during(changesOf(scene, COUNTED));
			return { start, changes: { seconds, bytes: shim.takeBytes() / COUNTED, memory: proxy.memory() } };
		} finally {
			await proxy.stop();
		}
	} finally {
		scene.close();
	}
}

async function changesOf(scene: Scene, count: number): Promise<readonly number[]> {
	const seconds: number[] = [];
	for (let number = 0; number < count; number++) {
		seconds.push(await scene.change());
		await pause(BETWEEN_CHANGES_MS);
	}
	return seconds;
}
