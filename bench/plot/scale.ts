/** A logarithmic axis: which numbers it spans, and where on the paper it lies. */
export interface Scale {
	readonly from: number;
	readonly to: number;
	/** where `from` is drawn, and where `to` */
	readonly start: number;
	readonly end: number;
}

/** A scale that holds some numbers, from and to a full step. @throws RangeError for numbers that no logarithm has */
export function scaleFor(numbers: readonly number[], start: number, end: number): Scale {
	const least = Math.min(...numbers);
	const most = Math.max(...numbers);
	if (!(least > 0) || !Number.isFinite(most)) throw new RangeError('a logarithmic axis has positive numbers only');
	const from = stepBelow(least);
	const to = stepAbove(most);
	return { from, to: to > from ? to : from * 10, start, end };
}

/** Where a number is drawn. */
export function place({ from, to, start, end }: Scale, number: number): number {
	return start + ((end - start) * Math.log(number / from)) / Math.log(to / from);
}

/** The steps of an axis: 1, 2 and 5 times the powers of ten. */
export function ticks({ from, to }: Scale): readonly number[] {
	const found: number[] = [];
	for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
		for (const digit of STEPS) {
			// Divided, because 5 × 10^-2 is not 0.05.
			const tick = power < 0 ? digit / 10 ** -power : digit * 10 ** power;
			if (tick >= from && tick <= to) found.push(tick);
		}
	}
	return found;
}

const STEPS = [1, 2, 5] as const;

function stepBelow(number: number): number {
	const power = 10 ** Math.floor(Math.log10(number));
	const digit = STEPS.findLast((step) => step * power <= number) ?? 1;
	return digit * power;
}

function stepAbove(number: number): number {
	const power = 10 ** Math.floor(Math.log10(number));
	const digit = [...STEPS, 10].find((step) => step * power >= number) ?? 10;
	return digit * power;
}
