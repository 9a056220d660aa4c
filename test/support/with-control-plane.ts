import { afterAll, beforeAll, describe } from 'vitest';
import { type ControlPlane, findAssets, startControlPlane } from './control-plane.ts';

/** `describe` with a real control plane for all tests in it; where there is none they are skipped, saying why. */
export function describeControlPlane(name: string, body: (plane: () => ControlPlane) => void): void {
	const assets = findAssets();
	let plane: ControlPlane | null = null;
	const running = () => {
		if (plane === null) throw new Error('the control plane does not run yet');
		return plane;
	};
	if (typeof assets === 'string') {
		describe.skip(`${name} (no real control plane: ${assets})`, () => body(running));
		return;
	}
	describe(name, () => {
		beforeAll(async () => {
			plane = await startControlPlane(assets);
		});
		afterAll(async () => {
			await plane?.stop();
		});
		body(running);
	});
}
