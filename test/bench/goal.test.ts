import { expect, it } from 'vitest';
import { goalTable, isMet } from '../../bench/report/goal.ts';

it.each([
	[2, { most: 2 }, true, '≤ 2.00 ×', 'ok'],
	[2.01, { most: 2 }, false, '≤ 2.00 ×', 'MISSED'],
	[20, { least: 20 }, true, '≥ 20.00 ×', 'ok'],
	[0.024, { most: 0.02 }, false, '≤ 0.0200 ×', 'MISSED'],
	[19.9, { least: 20 }, false, '≥ 20.00 ×', 'MISSED'],
	[Number.NaN, { most: 2 }, false, '≤ 2.00 ×', 'MISSED'],
	[Number.NaN, { least: 2 }, false, '≥ 2.00 ×', 'MISSED'],
] as const)('a goal measured as %d with %j is met: %s', (value, bound, met, written, word) => {
	const goal = { what: 'a ratio', value, unit: '×', ...bound } as const;
	expect(isMet(goal)).toBe(met);
	expect(goalTable([goal]).rows).toEqual([['a ratio', `${value.toFixed(value < 0.1 ? 4 : 2)} ×`, written, word]]);
});
