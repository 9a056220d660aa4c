/** An exact share between 0 and 1, in lowest terms. */
export interface Fraction {
	readonly of: bigint;
	readonly in: bigint;
}

export const ONE: Fraction = { of: 1n, in: 1n };
export const ZERO: Fraction = { of: 0n, in: 1n };

/** One in `n`. */
export function oneIn(n: number): Fraction {
	return { of: 1n, in: BigInt(n) };
}

/** What is left of a whole. */
export function rest({ of, in: whole }: Fraction): Fraction {
	return { of: whole - of, in: whole };
}

export function times(a: Fraction, b: Fraction): Fraction {
	// Nearly always: most rules hold or do not.
	if (a === ONE || b === ZERO) return b;
	if (b === ONE || a === ZERO) return a;
	return lowest(a.of * b.of, a.in * b.in);
}

export function plus(a: Fraction, b: Fraction): Fraction {
	return lowest(a.of * b.in + b.of * a.in, a.in * b.in);
}

/** `1`, `1/3` */
export function fractionText({ of, in: whole }: Fraction): string {
	return whole === 1n ? String(of) : `${of}/${whole}`;
}

function lowest(of: bigint, whole: bigint): Fraction {
	const divisor = greatestCommonDivisor(of, whole);
	return { of: of / divisor, in: whole / divisor };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
	return b === 0n ? a : greatestCommonDivisor(b, a % b);
}
