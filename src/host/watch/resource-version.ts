const DECIMAL = /^[1-9]\d*$/;

/**
 * Orders two resourceVersions of one resource: below 0 when the first is older, above when it is newer; null when one is
 * no decimal number, which is then not ours to compare. They are numbers of any length (KEP-5504, client-go
 * `apimachinery/pkg/util/resourceversion` CompareResourceVersion).
 */
export function compareVersions(a: string, b: string): number | null {
	if (!DECIMAL.test(a) || !DECIMAL.test(b)) return null;
	if (a.length !== b.length) return a.length - b.length;
	return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a resourceVersion is known to be older than another. */
export function isOlder(version: string, than: string): boolean {
	return (compareVersions(version, than) ?? 0) < 0;
}

/** Where to go on after an event: at its version, unless that lies behind us or it has none. */
export function laterOf(held: string, seen: string): string {
	return seen === '' || isOlder(seen, held) ? held : seen;
}
