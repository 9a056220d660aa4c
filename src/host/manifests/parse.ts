import type { Parsed } from './parsed.ts';
import { parseQuickly } from './quick-parse.ts';

/**
 * Parses YAML, of which JSON is a part. The thorough parser is loaded only when the quick way cannot do it.
 * @param onlyJson is not tried as YAML: the file's name says what its writer meant
 */
export async function parseText(text: string, onlyJson: boolean): Promise<Parsed> {
	const quick = parseQuickly(text, onlyJson);
	if (quick !== null) return quick;
	const { parseThoroughly } = await import('./thorough-parse.ts');
	return parseThoroughly(text, onlyJson);
}
