import { describe, expect, it } from 'vitest';
import { behaviourOf, NEWEST_RELEASE, OLDEST_RELEASE, type Release } from '../../src/versions/behaviour.ts';
import { HISTORIES, type History } from '../golden/cases/versions.ts';
import { nodes } from '../golden/policies.ts';
import { compiled } from '../support/compiled.ts';

function rules({ objects }: History, release: Release): string {
	return compiled([...nodes(), ...objects], { families: ['ip'], behaviour: behaviourOf(release) }).text;
}

describe.each(HISTORIES.map((history) => [history.name, history] as const))('%s', (_name, history) => {
	const starts = history.ranges.map(({ from }) => from);

	it('changes with the releases it names, and with no other', () => {
		expect(starts[0]).toBe(OLDEST_RELEASE);
		const changed = Array.from(
			{ length: NEWEST_RELEASE - OLDEST_RELEASE },
			(_, index) => OLDEST_RELEASE + index + 1,
		).filter((release) => rules(history, release) !== rules(history, release - 1));
		expect(changed).toEqual(starts.slice(1));
	});
});
