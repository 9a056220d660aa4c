/** Seconds as `1.23 s`, short times as `45 ms`. */
export function time(seconds: number): string {
	return seconds < 1 ? `${(seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0)} ms` : `${seconds.toFixed(2)} s`;
}

/** Memory in 10^6 bytes. */
export function memory(megabytes: number): string {
	return `${Math.round(megabytes)} MB`;
}

/** How many times one is the other. */
export function times(value: number, of: number): string {
	return `${(value / of).toFixed(2)} ×`;
}
