import { describe, expect, it } from 'vitest';
import { decide, findMissing } from './requirements.ts';

describe('what kernel tests do where they cannot run', () => {
	it('nothing missing: they run, in CI and elsewhere', () => {
		expect(decide(null, true)).toEqual({ kind: 'run' });
		expect(decide(null, false)).toEqual({ kind: 'run' });
	});

	it('something missing: they are skipped with a sentence', () => {
		expect(decide('the user is not root', false)).toEqual({
			kind: 'skip',
			sentence: 'kernel tests are skipped: the user is not root',
		});
	});

	it('something missing in CI: they fail with a sentence', () => {
		expect(decide('the user is not root', true)).toEqual({
			kind: 'fail',
			sentence: 'kernel tests must run in CI, and here the user is not root',
		});
	});
});

describe.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)('what can be missing', () => {
	it.each([
		['nft', 'the program nft is missing'],
		['conntrack', 'the program conntrack is missing'],
		['netns add', 'network namespaces cannot be made'],
		['netns exec', 'the kernel lacks nftables, or parts of it'],
	])('without %s: %s', (failing, sentence) => {
		const run = (...command: string[]) => {
			if (command[0] === failing || command.join(' ').includes(failing)) throw new Error('not here');
		};
		expect(findMissing(run)).toBe(sentence);
	});
});
