/** Numbers from 0 up to 1, the same ones for the same seed. */
export type Random = () => number;

/** A small generator with 32 bits of state (mulberry32): Math.random cannot be seeded. */
export function seededRandom(seed: number): Random {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** A text of letters out of an alphabet. */
export function randomText(random: Random, alphabet: string, length: number): string {
	let text = '';
	for (let i = 0; i < length; i++) text += alphabet[Math.floor(random() * alphabet.length)];
	return text;
}

/** A UUID of version 4, as objects have for their uid. */
export function randomUid(random: Random): string {
	const hex = randomText(random, '0123456789abcdef', 31);
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
}

/** The suffix that the API server adds to a generated name: no vowels, so that it makes no words. */
export function randomSuffix(random: Random): string {
	return randomText(random, 'bcdfghjklmnpqrstvwxz2456789', 5);
}

/** A time in 2025, as `creationTimestamp` is written. */
export function randomTime(random: Random): string {
	const start = Date.UTC(2025, 0, 1);
	const seconds = Math.floor(random() * 365 * 86_400);
	return new Date(start + seconds * 1000).toISOString().replace('.000Z', 'Z');
}
