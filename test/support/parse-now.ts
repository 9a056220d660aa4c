import type { Parsed } from '../../src/host/manifests/parsed.ts';
import { parseQuickly } from '../../src/host/manifests/quick-parse.ts';
import { parseThoroughly } from '../../src/host/manifests/thorough-parse.ts';

/** What the program's parsers make of a text, without waiting for the thorough one to be loaded. */
export function parseNow(text: string, onlyJson: boolean): Parsed {
	return parseQuickly(text, onlyJson) ?? parseThoroughly(text, onlyJson);
}
