import { describe, expect, it } from 'vitest';
import { FIRST_HEAVIEST, nextHeaviest } from '../../src/agent/heaviest.ts';

describe('how heavy the next transaction may be', () => {
	it.each([
		{ allowed: 4000, weight: 4000, milliseconds: 60, next: 5000, why: 'a fast one lets it grow' },
		{
			allowed: 4000,
			weight: 4000,
			milliseconds: 150,
			next: 4000,
			why: 'one that is neither fast nor slow says it is right',
		},
		{ allowed: 4000, weight: 4000, milliseconds: 240, next: 3000, why: 'a slow one makes it less by as much' },
		{
			allowed: 8000,
			weight: 8000,
			milliseconds: 3000,
			next: 4000,
			why: 'a very slow one was held up by something else',
		},
		{ allowed: 4000, weight: 4000, milliseconds: 400, next: 3000, why: 'not below what the fixed part is for' },
		{ allowed: 10, weight: 10, milliseconds: 400, next: 10, why: 'nor does it grow where nft was killed over more' },
		{ allowed: 7000, weight: 7000, milliseconds: 60, next: 8000, why: 'not above the most there is' },
		{ allowed: 4000, weight: 20, milliseconds: 20, next: 4000, why: 'a light one that is fast says nothing' },
		{ allowed: 4000, weight: 20, milliseconds: 900, next: 4000, why: 'nor does a light one that is slow' },
	])('$why ($allowed → $next)', ({ allowed, weight, milliseconds, next }) => {
		expect(nextHeaviest(allowed, weight, { milliseconds })).toBe(next);
	});

	it.each([
		{ fixed: 20, each: 0.008, what: 'a fast machine' },
		{ fixed: 60, each: 0.02, what: 'a slow one' },
		{ fixed: 400, each: 0.05, what: 'one on which everything takes too long: no smaller ones than pay' },
	])('settles on $what', ({ fixed, each }) => {
		let allowed = FIRST_HEAVIEST;
		const took = () => fixed + each * allowed;
		for (let count = 0; count < 20; count++) allowed = nextHeaviest(allowed, allowed, { milliseconds: took() });
		expect(took() <= 160 || allowed === 3000).toBe(true);
		expect(allowed).toBeGreaterThanOrEqual(3000);
	});
});
