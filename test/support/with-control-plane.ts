import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { type ControlPlane, findAssets, START_LIMIT_MS, startControlPlane } from './control-plane.ts';
import type { Running } from './control-plane-programs.ts';
import { findController, type Program, startController } from './endpoint-slice-controller.ts';

type Body = (plane: () => ControlPlane) => void;

/** `describe` with a real control plane for all tests in it; where there is none they are skipped, saying why. */
export function describeControlPlane(name: string, body: Body): void {
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
		}, START_LIMIT_MS + 5000);
		afterAll(async () => {
			await plane?.stop();
		});
		body(running);
	});
}

/** The same with the real EndpointSlice controller beside it. */
export function describeController(name: string, body: Body): void {
	const assets = findAssets();
	const program = typeof assets === 'string' ? assets : findController(assets);
	if (typeof program === 'string')
		describe.skip(`${name} (no real EndpointSlice controller: ${program})`, () => body(missing));
	else describeControlPlane(name, (plane) => withController(program, plane, body));
}

function missing(): never {
	throw new Error('there is no control plane');
}

function withController(program: Program, plane: () => ControlPlane, body: Body): void {
	let controller: Running | null = null;
	beforeAll(() => {
		controller = startController(program, plane());
	});
	afterEach(() => {
		expect(controller?.ended()).toBeNull();
	});
	afterAll(async () => {
		await controller?.stop();
	});
	body(plane);
}
