import type { Peaks } from '../measure/memory.ts';
import { percentile, spreadOf } from '../measure/spread.ts';
import type { Table } from '../report/table.ts';
import { memory, time, times } from '../report/units.ts';
import type { Phase, Trial } from './trial.ts';

/** A contestant with all its trials. */
export interface Tried {
	readonly name: string;
	readonly trials: readonly Trial[];
}

/** Contestants in a column each; the ratio is of the second to the first. */
export function comparisonTable(title: string, [ours, theirs]: readonly [Tried, Tried]): Table {
	const row = (name: string, of: (trials: readonly Trial[]) => number, show: (value: number) => string) => {
		const [one, other] = [of(ours.trials), of(theirs.trials)];
		return [name, show(one), show(other), times(other, one)];
	};
	const phaseRows = (name: string, phase: keyof Trial) => [
		row(`bytes given to nft, ${name}`, (trials) => median(trials, phase, ({ bytes }) => bytes), count),
		row(`memory, ${name}`, (trials) => most(trials, phase, ({ own }) => own), memory),
		row('  largest nft', (trials) => most(trials, phase, ({ child }) => child), memory),
		row('  together', (trials) => most(trials, phase, ({ own, child }) => own + child), memory),
	];
	return {
		title,
		columns: ['', ours.name, theirs.name, 'ratio'],
		rows: [
			row(
				'start, until every Service of a sample answers',
				(trials) => spreadOf(secondsOf(trials, 'start')).median,
				time,
			),
			row('changed endpoint, until it answers, p50', (trials) => percentile(secondsOf(trials, 'changes'), 0.5), time),
			row('changed endpoint, until it answers, p90', (trials) => percentile(secondsOf(trials, 'changes'), 0.9), time),
			...phaseRows('start', 'start'),
			...phaseRows('one changed endpoint', 'changes'),
		],
	};
}

function secondsOf(trials: readonly Trial[], phase: keyof Trial): readonly number[] {
	return trials.flatMap((trial) => trial[phase].seconds);
}

function median(trials: readonly Trial[], phase: keyof Trial, of: (phase: Phase) => number): number {
	return spreadOf(trials.map((trial) => of(trial[phase]))).median;
}

function most(trials: readonly Trial[], phase: keyof Trial, of: (peaks: Peaks) => number): number {
	return spreadOf(trials.map((trial) => of(trial[phase].memory))).max;
}

function count(value: number): string {
	return Math.round(value).toLocaleString('en-US');
}
