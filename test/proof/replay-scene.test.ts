import { describe, expect, it } from 'vitest';
import type { Treatment } from '../../src/model/change-set.ts';
import type { Probe, ProbeAnswer } from '../../src/model/probe.ts';
import { expectationOf } from '../../src/proof/expectation.ts';
import { agrees, replayScene, type Trial } from '../../src/proof/replay-scene.ts';
import { endpoints, flowChange, REFUSED } from './flow-changes.ts';

const OWN = ['192.168.10.1'];
const SOURCE = '10.244.1.9';

function trialOf(before: Treatment): Trial {
	const probe = { from: 'network', protocol: 'tcp', source: SOURCE, address: '10.96.0.10', port: 80 } as const;
	return { flow: flowChange({ before }), probe, expected: expectationOf(before, probe) };
}

/** Plays one trial; the nth probe since clients were forgotten gets the nth answer, over and over. */
async function played(before: Treatment, answers: readonly ProbeAnswer[]) {
	const trial = trialOf(before);
	const sent: Probe[] = [];
	let forgotten = 0;
	const bench = {
		probe: (probe: Probe) => {
			const answer = answers[sent.length % answers.length] ?? { kind: 'silence' };
			sent.push(probe);
			return Promise.resolve(answer);
		},
		forget: () => {
			forgotten++;
			return Promise.resolve();
		},
	};
	const [seen = []] = await replayScene([trial], OWN, bench);
	return { seen, agrees: agrees(trial, seen), sent: sent.length, patience: sent[0]?.patience, forgotten };
}

const by = (number: number): ProbeAnswer => ({ kind: 'answered', by: `10.244.1.${number}:80`, source: SOURCE });
const many = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const to = (...numbers: readonly number[]) => endpoints(...numbers.map((number) => `10.244.1.${number}:80`));

describe('sending the flows of a scene', () => {
	it('goes on until each endpoint was seen, and long enough for others to be', async () => {
		expect(await played(to(1, 2), [by(1), by(2)])).toMatchObject({ agrees: true, sent: 20 });
		const late = [...Array.from({ length: 35 }, () => by(1)), by(2)];
		expect(await played(to(1, 2), late)).toMatchObject({ agrees: true, sent: 40 });
	});

	it('gives up an endpoint when missing it is no chance any more', async () => {
		expect(await played(to(1, 2), [by(1)])).toMatchObject({
			agrees: false,
			sent: 60,
			seen: ['10.244.1.1:80, sees the client'],
		});
	});

	it('stops when something else is seen', async () => {
		expect(await played(to(1, 2), [by(1), by(3)])).toMatchObject({ agrees: false, sent: 10 });
		expect(await played(to(1), [{ kind: 'refused' }])).toMatchObject({ agrees: false, sent: 10, seen: ['refused'] });
	});

	it('is content with some of very many endpoints, but with no other', async () => {
		expect(await played(to(...many(200)), many(50).map(by))).toMatchObject({ agrees: true, sent: 300 });
		expect(await played(to(...many(200)), many(201).map(by))).toMatchObject({ agrees: false });
	});

	it('sends one at a time where clients stay with their endpoint, and makes them new each time', async () => {
		const sticky = { ...to(1, 2), affinitySeconds: 60 };
		expect(await played(sticky, [by(1), by(2)])).toMatchObject({ agrees: true, sent: 20, forgotten: 20 });
	});

	it('waits shortly for silence, and long for a refusal', async () => {
		expect(await played({ ...REFUSED, kind: 'dropped' }, [{ kind: 'silence' }])).toMatchObject({
			agrees: true,
			sent: 2,
			patience: 400,
		});
		expect(await played(REFUSED, [{ kind: 'refused' }])).toMatchObject({ agrees: true, sent: 2, patience: 3000 });
		expect(await played(REFUSED, [{ kind: 'silence' }])).toMatchObject({ agrees: false });
	});
});
